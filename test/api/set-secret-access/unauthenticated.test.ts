import { setSecretAccess } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('setSecretAccess without an identity', () => {
  itNeedsAnIdentity(setSecretAccess, { input: { id: 'not-an-id', level: 'TEAM' } });
});
