import { setSecretUse } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('setSecretUse without an identity', () => {
  itNeedsAnIdentity(setSecretUse, { input: { id: 'not-an-id' } });
});
