import { setSecretAccess } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing, refusalAnswer } from '../../support/refusals.js';

describe('setSecretAccess of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(
    setSecretAccess,
    (id) => ({ input: { id, level: 'TEAM', grants: [], expectedAccessRevision: 7 } }),
    'ACTIVE',
    refusalAnswer('setSecretAccess', 'NOT_FOUND', 'Not found.'),
  );
});
