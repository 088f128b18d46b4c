import { itNeedsAnAdministrator } from '../../support/membership.js';
import { updateGroup } from '../../support/membership-operations.js';

describe('updateGroup by whoever does not administer', () => {
  itNeedsAnAdministrator('updateGroup', updateGroup, ({ group }) => ({ id: group, name: 'Design' }));
});
