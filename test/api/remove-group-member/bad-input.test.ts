import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { removeGroupMember } from '../../support/membership-operations.js';

describe('removeGroupMember with bad input', () => {
  itNamesWhatIsWrong(removeGroupMember, ({ group, person }) => ({ groupId: group, memberId: person }), [
    ...badId('groupId'),
    ...badId('memberId'),
  ]);
});
