import { reactivateServiceAccount } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('reactivateServiceAccount without an identity', () => {
  itNeedsAnIdentity(reactivateServiceAccount, { input: { id: 'not-an-id' } });
});
