import { deleteCustomRole } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('deleteCustomRole without an identity', () => {
  itNeedsAnIdentity(deleteCustomRole, { input: { id: 'not-an-id' } });
});
