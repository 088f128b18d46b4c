import { updateSecretValue } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('updateSecretValue without an identity', () => {
  itNeedsAnIdentity(updateSecretValue, { input: { id: 'not-an-id', value: 'not-a-real-secret' } });
});
