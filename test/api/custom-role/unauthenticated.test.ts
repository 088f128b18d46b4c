import { customRoleById } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('customRole without an identity', () => {
  itNeedsAnIdentity(customRoleById, { id: 'not-an-id' });
});
