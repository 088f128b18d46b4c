import { previewSetSecretAccess } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing, refusalAnswer } from '../../support/refusals.js';

describe('previewSetSecretAccess of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(
    previewSetSecretAccess,
    (id) => ({ input: { id, level: 'TEAM', grants: [], expectedAccessRevision: 7 } }),
    'ACTIVE',
    refusalAnswer('previewSetSecretAccess', 'NOT_FOUND', 'Not found.'),
  );
});
