import { deactivateMember } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('deactivateMember without an identity', () => {
  itNeedsAnIdentity(deactivateMember, { input: { id: 'not-an-id' } });
});
