import { serviceAccountById } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('serviceAccount without an identity', () => {
  itNeedsAnIdentity(serviceAccountById, { id: 'not-an-id' });
});
