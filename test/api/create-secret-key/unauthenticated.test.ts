import { createSecretKey } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('createSecretKey without an identity', () => {
  itNeedsAnIdentity(createSecretKey, { input: { name: 'Payments', value: 'not-a-real-secret' } });
});
