import { createServiceAccountToken } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('createServiceAccountToken without an identity', () => {
  itNeedsAnIdentity(createServiceAccountToken, { input: { serviceAccountId: 'not-an-id', name: 'CI' } });
});
