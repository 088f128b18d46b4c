import { itFindsNothing } from '../../support/membership.js';
import { removeGroupMember } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('removeGroupMember of something that is not there', () => {
  itFindsNothing(
    removeGroupMember,
    'group',
    ({ group, person }) => ({ input: { groupId: group, memberId: person } }),
    refusalAnswer('removeGroupMember', 'NOT_FOUND', 'Not found.'),
  );
  itFindsNothing(
    removeGroupMember,
    'person',
    ({ group, person }) => ({ input: { groupId: group, memberId: person } }),
    refusalAnswer('removeGroupMember', 'NOT_FOUND', 'Not found.'),
  );
});
