import { customRoles } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('customRoles without an identity', () => {
  itNeedsAnIdentity(customRoles);
});
