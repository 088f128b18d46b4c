import { itNeedsAnAdministrator } from '../../support/membership.js';
import { addGroupMember } from '../../support/membership-operations.js';

describe('addGroupMember by whoever does not administer', () => {
  itNeedsAnAdministrator('addGroupMember', addGroupMember, ({ group, person }) => ({
    groupId: group,
    memberId: person,
  }));
});
