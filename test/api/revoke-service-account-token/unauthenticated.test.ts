import { revokeServiceAccountToken } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('revokeServiceAccountToken without an identity', () => {
  itNeedsAnIdentity(revokeServiceAccountToken, { input: { serviceAccountId: 'not-an-id', id: 'not-an-id' } });
});
