import { secretKey } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing } from '../../support/refusals.js';

describe('secretKey of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(secretKey, (id) => ({ id }), 'ACTIVE', { data: { secretKey: null } });
});
