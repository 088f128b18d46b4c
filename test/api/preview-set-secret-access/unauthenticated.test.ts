import { previewSetSecretAccess } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('previewSetSecretAccess without an identity', () => {
  itNeedsAnIdentity(previewSetSecretAccess, { input: { id: 'not-an-id', level: 'TEAM' } });
});
