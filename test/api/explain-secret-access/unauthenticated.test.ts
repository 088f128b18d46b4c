import { explainSecretAccess } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('explainSecretAccess without an identity', () => {
  itNeedsAnIdentity(explainSecretAccess, { secretKeyId: 'not-an-id', granteeId: 'not-an-id', action: 'USE' });
});
