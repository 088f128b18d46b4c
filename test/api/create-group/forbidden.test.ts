import { itNeedsAnAdministrator } from '../../support/membership.js';
import { createGroup } from '../../support/membership-operations.js';

describe('createGroup by whoever does not administer', () => {
  itNeedsAnAdministrator('createGroup', createGroup, () => ({ name: 'Design' }));
});
