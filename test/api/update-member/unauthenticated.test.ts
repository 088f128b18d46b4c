import { updateMember } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('updateMember without an identity', () => {
  itNeedsAnIdentity(updateMember, { input: { id: 'not-an-id', name: 'Robert' } });
});
