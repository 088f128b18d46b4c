import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { addGroupMember } from '../../support/membership-operations.js';

describe('addGroupMember with bad input', () => {
  itNamesWhatIsWrong(addGroupMember, ({ group, person }) => ({ groupId: group, memberId: person }), [
    ...badId('groupId'),
    ...badId('memberId'),
  ]);
});
