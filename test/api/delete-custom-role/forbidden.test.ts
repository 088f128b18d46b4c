import { itNeedsAnAdministrator } from '../../support/membership.js';
import { deleteCustomRole } from '../../support/membership-operations.js';

describe('deleteCustomRole by whoever does not administer', () => {
  itNeedsAnAdministrator('deleteCustomRole', deleteCustomRole, ({ customRole }) => ({ id: customRole }));
});
