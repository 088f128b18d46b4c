import { setWorkflowSteps } from '../../support/workflow-operations.js';
import { itIsForbiddenToAuditors } from '../../support/workflows.js';

describe('setWorkflowSteps by whoever changes nothing', () => {
  itIsForbiddenToAuditors('setWorkflowSteps', setWorkflowSteps, (id) => ({ id, steps: [] }));
});
