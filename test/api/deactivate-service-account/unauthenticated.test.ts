import { deactivateServiceAccount } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('deactivateServiceAccount without an identity', () => {
  itNeedsAnIdentity(deactivateServiceAccount, { input: { id: 'not-an-id' } });
});
