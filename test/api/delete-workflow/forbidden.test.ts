import { deleteWorkflow } from '../../support/workflow-operations.js';
import { itIsForbiddenToAuditors } from '../../support/workflows.js';

describe('deleteWorkflow by whoever changes nothing', () => {
  itIsForbiddenToAuditors('deleteWorkflow', deleteWorkflow, (id) => ({ id }));
});
