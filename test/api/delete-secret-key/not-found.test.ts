import { deleteSecretKey } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing, refusalAnswer } from '../../support/refusals.js';

describe('deleteSecretKey of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(
    deleteSecretKey,
    (id) => ({ input: { id } }),
    'ACTIVE',
    refusalAnswer('deleteSecretKey', 'NOT_FOUND', 'Not found.'),
  );
});
