import { updateSecretValue } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing, refusalAnswer } from '../../support/refusals.js';

describe('updateSecretValue of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(
    updateSecretValue,
    (id) => ({ input: { id, value: '', expectedVersion: 7 } }),
    'ACTIVE',
    refusalAnswer('updateSecretValue', 'NOT_FOUND', 'Not found.'),
  );
});
