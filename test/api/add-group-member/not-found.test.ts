import { itFindsNothing } from '../../support/membership.js';
import { addGroupMember } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('addGroupMember of something that is not there', () => {
  itFindsNothing(
    addGroupMember,
    'group',
    ({ group, person }) => ({ input: { groupId: group, memberId: person } }),
    refusalAnswer('addGroupMember', 'NOT_FOUND', 'Not found.'),
  );
  itFindsNothing(
    addGroupMember,
    'person',
    ({ group, person }) => ({ input: { groupId: group, memberId: person } }),
    refusalAnswer('addGroupMember', 'NOT_FOUND', 'Not found.'),
  );
});
