import { secretKeys } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('secretKeys without an identity', () => {
  itNeedsAnIdentity(secretKeys);
});
