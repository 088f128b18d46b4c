import { setSecretUse } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing, refusalAnswer } from '../../support/refusals.js';

describe('setSecretUse of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(
    setSecretUse,
    (id) => ({ input: { id, uses: [], expectedAccessRevision: 7 } }),
    'ACTIVE',
    refusalAnswer('setSecretUse', 'NOT_FOUND', 'Not found.'),
  );
});
