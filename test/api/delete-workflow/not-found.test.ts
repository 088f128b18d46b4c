import { refusalAnswer } from '../../support/refusals.js';
import { deleteWorkflow } from '../../support/workflow-operations.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('deleteWorkflow of something that is not there', () => {
  itFindsNoWorkflow(
    deleteWorkflow,
    (id) => ({ input: { id } }),
    refusalAnswer('deleteWorkflow', 'NOT_FOUND', 'Not found.'),
  );
});
