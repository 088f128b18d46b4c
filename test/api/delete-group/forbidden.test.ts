import { itNeedsAnAdministrator } from '../../support/membership.js';
import { deleteGroup } from '../../support/membership-operations.js';

describe('deleteGroup by whoever does not administer', () => {
  itNeedsAnAdministrator('deleteGroup', deleteGroup, ({ group }) => ({ id: group }));
});
