import { itNeedsAnAdministrator } from '../../support/membership.js';
import { assignCustomRole } from '../../support/membership-operations.js';

describe('assignCustomRole by whoever does not administer', () => {
  itNeedsAnAdministrator('assignCustomRole', assignCustomRole, ({ customRole, person }) => ({
    customRoleId: customRole,
    granteeId: person,
  }));
});
