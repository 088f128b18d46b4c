import { updateCustomRole } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('updateCustomRole without an identity', () => {
  itNeedsAnIdentity(updateCustomRole, { input: { id: 'not-an-id' } });
});
