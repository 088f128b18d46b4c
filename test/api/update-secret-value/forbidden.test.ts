import { itNeedsManage } from '../../support/forbidden.js';
import { updateSecretValue } from '../../support/operations.js';

describe('updateSecretValue without Manage', () => {
  itNeedsManage(updateSecretValue, (id) => ({ input: { id, value: '', expectedVersion: 7 } }));
});
