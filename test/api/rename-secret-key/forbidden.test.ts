import { itNeedsManage } from '../../support/forbidden.js';
import { renameSecretKey } from '../../support/operations.js';

describe('renameSecretKey without Manage', () => {
  itNeedsManage(renameSecretKey, (id) => ({ input: { id, name: '' } }));
});
