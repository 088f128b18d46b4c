import { renameWorkflow } from '../../support/workflow-operations.js';
import { itIsForbiddenToAuditors } from '../../support/workflows.js';

describe('renameWorkflow by whoever changes nothing', () => {
  itIsForbiddenToAuditors('renameWorkflow', renameWorkflow, (id) => ({ id, name: 'Design' }));
});
