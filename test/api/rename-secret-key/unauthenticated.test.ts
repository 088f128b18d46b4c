import { renameSecretKey } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('renameSecretKey without an identity', () => {
  itNeedsAnIdentity(renameSecretKey, { input: { id: 'not-an-id', name: 'Payments' } });
});
