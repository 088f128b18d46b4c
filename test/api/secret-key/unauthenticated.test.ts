import { secretKey } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('secretKey without an identity', () => {
  itNeedsAnIdentity(secretKey, { id: 'not-an-id' });
});
