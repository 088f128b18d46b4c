import { createServiceAccount } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('createServiceAccount without an identity', () => {
  itNeedsAnIdentity(createServiceAccount, { input: { name: 'ci-bot' } });
});
