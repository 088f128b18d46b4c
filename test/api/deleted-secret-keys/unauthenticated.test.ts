import { deletedSecretKeys } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('deletedSecretKeys without an identity', () => {
  itNeedsAnIdentity(deletedSecretKeys);
});
