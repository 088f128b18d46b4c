import { itNeedsAnIdentity } from '../../support/refusals.js';
import { replaceSecretKeyReferences } from '../../support/workflow-operations.js';

describe('replaceSecretKeyReferences without an identity', () => {
  itNeedsAnIdentity(replaceSecretKeyReferences, { input: { from: 'not-an-id', to: 'not-an-id' } });
});
