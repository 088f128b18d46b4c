import { itNeedsAnIdentity } from '../../support/refusals.js';
import { workflowRuns } from '../../support/runs.js';

describe('workflowRuns without an identity', () => {
  itNeedsAnIdentity(workflowRuns);
});
