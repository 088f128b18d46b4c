import { permissionSets } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('permissionSets without an identity', () => {
  itNeedsAnIdentity(permissionSets);
});
