import { deleteSecretKey } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('deleteSecretKey without an identity', () => {
  itNeedsAnIdentity(deleteSecretKey, { input: { id: 'not-an-id' } });
});
