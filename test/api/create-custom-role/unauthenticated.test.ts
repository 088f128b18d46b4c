import { createCustomRole } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('createCustomRole without an identity', () => {
  itNeedsAnIdentity(createCustomRole, { input: { name: 'On call', permissionSets: ['audit-reader'] } });
});
