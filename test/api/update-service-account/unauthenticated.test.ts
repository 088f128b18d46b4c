import { updateServiceAccount } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('updateServiceAccount without an identity', () => {
  itNeedsAnIdentity(updateServiceAccount, { input: { id: 'not-an-id', name: 'ci-bot' } });
});
