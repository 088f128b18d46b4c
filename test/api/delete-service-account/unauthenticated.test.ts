import { deleteServiceAccount } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('deleteServiceAccount without an identity', () => {
  itNeedsAnIdentity(deleteServiceAccount, { input: { id: 'not-an-id' } });
});
