import { addGroupMember } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('addGroupMember without an identity', () => {
  itNeedsAnIdentity(addGroupMember, { input: { groupId: 'not-an-id', memberId: 'not-an-id' } });
});
