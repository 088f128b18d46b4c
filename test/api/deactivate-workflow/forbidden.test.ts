import { deactivateWorkflow } from '../../support/workflow-operations.js';
import { itIsForbiddenToAuditors } from '../../support/workflows.js';

describe('deactivateWorkflow by whoever changes nothing', () => {
  itIsForbiddenToAuditors('deactivateWorkflow', deactivateWorkflow, (id) => ({ id }));
});
