import { itNeedsAnAdministrator } from '../../support/membership.js';
import { removeGroupMember } from '../../support/membership-operations.js';

describe('removeGroupMember by whoever does not administer', () => {
  itNeedsAnAdministrator('removeGroupMember', removeGroupMember, ({ group, person }) => ({
    groupId: group,
    memberId: person,
  }));
});
