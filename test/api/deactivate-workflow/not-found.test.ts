import { refusalAnswer } from '../../support/refusals.js';
import { deactivateWorkflow } from '../../support/workflow-operations.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('deactivateWorkflow of something that is not there', () => {
  itFindsNoWorkflow(
    deactivateWorkflow,
    (id) => ({ input: { id } }),
    refusalAnswer('deactivateWorkflow', 'NOT_FOUND', 'Not found.'),
  );
});
