import { refusalAnswer } from '../../support/refusals.js';
import { duplicateWorkflow } from '../../support/workflow-operations.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('duplicateWorkflow of something that is not there', () => {
  itFindsNoWorkflow(
    duplicateWorkflow,
    (id) => ({ input: { id, name: 'Copy' } }),
    refusalAnswer('duplicateWorkflow', 'NOT_FOUND', 'Not found.'),
  );
});
