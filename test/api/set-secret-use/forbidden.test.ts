import { itNeedsManage } from '../../support/forbidden.js';
import { setSecretUse } from '../../support/operations.js';

describe('setSecretUse without Manage', () => {
  itNeedsManage(setSecretUse, (id) => ({ input: { id, uses: [], expectedAccessRevision: 7 } }));
});
