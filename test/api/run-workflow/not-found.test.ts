import { refusalAnswer } from '../../support/refusals.js';
import { runWorkflow } from '../../support/runs.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('runWorkflow of nothing', () => {
  itFindsNoWorkflow(
    runWorkflow,
    (workflowId) => ({ input: { workflowId } }),
    refusalAnswer('runWorkflow', 'NOT_FOUND', 'Not found.'),
  );
});
