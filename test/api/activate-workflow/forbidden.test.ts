import { activateWorkflow } from '../../support/workflow-operations.js';
import { itIsForbiddenToAuditors } from '../../support/workflows.js';

describe('activateWorkflow by whoever changes nothing', () => {
  itIsForbiddenToAuditors('activateWorkflow', activateWorkflow, (id) => ({ id }));
});
