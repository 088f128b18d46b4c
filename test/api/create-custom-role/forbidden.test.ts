import { itNeedsAnAdministrator } from '../../support/membership.js';
import { createCustomRole } from '../../support/membership-operations.js';

describe('createCustomRole by whoever does not administer', () => {
  itNeedsAnAdministrator('createCustomRole', createCustomRole, () => ({
    name: 'On call',
    permissionSets: ['audit-reader'],
  }));
});
