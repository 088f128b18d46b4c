import { serviceAccounts } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('serviceAccounts without an identity', () => {
  itNeedsAnIdentity(serviceAccounts);
});
