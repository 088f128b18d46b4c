import { unassignCustomRole } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('unassignCustomRole without an identity', () => {
  itNeedsAnIdentity(unassignCustomRole, { input: { customRoleId: 'not-an-id', granteeId: 'not-an-id' } });
});
