import { removeGroupMember } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('removeGroupMember without an identity', () => {
  itNeedsAnIdentity(removeGroupMember, { input: { groupId: 'not-an-id', memberId: 'not-an-id' } });
});
