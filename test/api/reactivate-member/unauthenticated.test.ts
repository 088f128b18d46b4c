import { reactivateMember } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('reactivateMember without an identity', () => {
  itNeedsAnIdentity(reactivateMember, { input: { id: 'not-an-id' } });
});
