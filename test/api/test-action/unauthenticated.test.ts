import { itNeedsAnIdentity } from '../../support/refusals.js';
import { stepWithCode, testAction } from '../../support/runs.js';

describe('testAction without an identity', () => {
  itNeedsAnIdentity(testAction, { input: { step: stepWithCode() } });
});
