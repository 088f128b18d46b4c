import { itNeedsAnAdministrator } from '../../support/membership.js';
import { updateMember } from '../../support/membership-operations.js';

describe('updateMember by whoever does not administer', () => {
  itNeedsAnAdministrator('updateMember', updateMember, ({ person }) => ({ id: person, name: 'Robert' }));
});
