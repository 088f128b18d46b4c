import { itNeedsAnAdministrator } from '../../support/membership.js';
import { updateCustomRole } from '../../support/membership-operations.js';

describe('updateCustomRole by whoever does not administer', () => {
  itNeedsAnAdministrator('updateCustomRole', updateCustomRole, ({ customRole }) => ({
    id: customRole,
    permissionSets: ['key-inventory'],
  }));
});
