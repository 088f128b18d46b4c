import { renameSecretKey } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing, refusalAnswer } from '../../support/refusals.js';

describe('renameSecretKey of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(
    renameSecretKey,
    (id) => ({ input: { id, name: '' } }),
    'ACTIVE',
    refusalAnswer('renameSecretKey', 'NOT_FOUND', 'Not found.'),
  );
});
