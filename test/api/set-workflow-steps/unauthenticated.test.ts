import { itNeedsAnIdentity } from '../../support/refusals.js';
import { setWorkflowSteps } from '../../support/workflow-operations.js';

describe('setWorkflowSteps without an identity', () => {
  itNeedsAnIdentity(setWorkflowSteps, { input: { id: 'not-an-id', steps: [] } });
});
