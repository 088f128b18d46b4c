import { groups } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('groups without an identity', () => {
  itNeedsAnIdentity(groups);
});
