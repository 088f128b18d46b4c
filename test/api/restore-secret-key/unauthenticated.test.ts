import { restoreSecretKey } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('restoreSecretKey without an identity', () => {
  itNeedsAnIdentity(restoreSecretKey, { input: { id: 'not-an-id' } });
});
