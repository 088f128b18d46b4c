import { explainSecretAccess } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing, refusalAnswer } from '../../support/refusals.js';

describe('explainSecretAccess of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(
    explainSecretAccess,
    (id) => ({ secretKeyId: id, granteeId: 'not-an-id', action: 'USE' }),
    'ACTIVE',
    refusalAnswer('explainSecretAccess', 'NOT_FOUND', 'Not found.'),
  );
});
