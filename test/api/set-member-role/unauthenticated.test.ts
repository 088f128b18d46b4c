import { setMemberRole } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('setMemberRole without an identity', () => {
  itNeedsAnIdentity(setMemberRole, { input: { id: 'not-an-id', role: 'ADMIN' } });
});
