import { itNeedsAnAdministrator } from '../../support/membership.js';
import { setMemberRole } from '../../support/membership-operations.js';

describe('setMemberRole by whoever does not administer', () => {
  itNeedsAnAdministrator('setMemberRole', setMemberRole, ({ person }) => ({ id: person, role: 'ADMIN' }));
});
