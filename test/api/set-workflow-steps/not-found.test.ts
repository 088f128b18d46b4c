import { refusalAnswer } from '../../support/refusals.js';
import { setWorkflowSteps } from '../../support/workflow-operations.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('setWorkflowSteps of something that is not there', () => {
  itFindsNoWorkflow(
    setWorkflowSteps,
    (id) => ({ input: { id, steps: [] } }),
    refusalAnswer('setWorkflowSteps', 'NOT_FOUND', 'Not found.'),
  );
});
