import { itNeedsManage } from '../../support/forbidden.js';
import { deleteSecretKey } from '../../support/operations.js';

describe('deleteSecretKey without Manage', () => {
  itNeedsManage(deleteSecretKey, (id) => ({ input: { id } }));
});
