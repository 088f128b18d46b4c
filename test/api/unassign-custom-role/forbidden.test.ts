import { itNeedsAnAdministrator } from '../../support/membership.js';
import { unassignCustomRole } from '../../support/membership-operations.js';

describe('unassignCustomRole by whoever does not administer', () => {
  itNeedsAnAdministrator('unassignCustomRole', unassignCustomRole, ({ customRole, person }) => ({
    customRoleId: customRole,
    granteeId: person,
  }));
});
