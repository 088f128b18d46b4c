import { refusalAnswer } from '../../support/refusals.js';
import { stepWithCode, testAction } from '../../support/runs.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('testAction for no workflow', () => {
  itFindsNoWorkflow(
    testAction,
    (workflowId) => ({ input: { workflowId, step: stepWithCode() } }),
    refusalAnswer('testAction', 'NOT_FOUND', 'Not found.'),
  );
});
