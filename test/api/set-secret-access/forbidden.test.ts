import { itNeedsManage } from '../../support/forbidden.js';
import { setSecretAccess } from '../../support/operations.js';

describe('setSecretAccess without Manage', () => {
  itNeedsManage(setSecretAccess, (id) => ({ input: { id, level: 'TEAM', grants: [], expectedAccessRevision: 7 } }));
});
