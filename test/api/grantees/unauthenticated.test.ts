import { grantees } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('grantees without an identity', () => {
  itNeedsAnIdentity(grantees);
});
