import { refusalAnswer } from '../../support/refusals.js';
import { renameWorkflow } from '../../support/workflow-operations.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('renameWorkflow of something that is not there', () => {
  itFindsNoWorkflow(
    renameWorkflow,
    (id) => ({ input: { id, name: 'Design' } }),
    refusalAnswer('renameWorkflow', 'NOT_FOUND', 'Not found.'),
  );
});
