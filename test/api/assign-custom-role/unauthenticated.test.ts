import { assignCustomRole } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('assignCustomRole without an identity', () => {
  itNeedsAnIdentity(assignCustomRole, { input: { customRoleId: 'not-an-id', granteeId: 'not-an-id' } });
});
