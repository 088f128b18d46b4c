import { itNeedsAnAdministrator } from '../../support/membership.js';
import { addMember } from '../../support/membership-operations.js';

describe('addMember by whoever does not administer', () => {
  itNeedsAnAdministrator('addMember', addMember, () => ({ name: 'Erin', role: 'MEMBER', subject: 'erin' }));
});
