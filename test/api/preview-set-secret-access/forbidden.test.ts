import { itNeedsManage } from '../../support/forbidden.js';
import { previewSetSecretAccess } from '../../support/operations.js';

describe('previewSetSecretAccess without Manage', () => {
  itNeedsManage(previewSetSecretAccess, (id) => ({
    input: { id, level: 'TEAM', grants: [], expectedAccessRevision: 7 },
  }));
});
