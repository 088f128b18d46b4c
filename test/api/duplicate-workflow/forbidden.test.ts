import { duplicateWorkflow } from '../../support/workflow-operations.js';
import { itIsForbiddenToAuditors } from '../../support/workflows.js';

describe('duplicateWorkflow by whoever changes nothing', () => {
  itIsForbiddenToAuditors('duplicateWorkflow', duplicateWorkflow, (id) => ({ id, name: 'Copy' }));
});
