import { refusalAnswer } from '../../support/refusals.js';
import { activateWorkflow } from '../../support/workflow-operations.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('activateWorkflow of something that is not there', () => {
  itFindsNoWorkflow(
    activateWorkflow,
    (id) => ({ input: { id } }),
    refusalAnswer('activateWorkflow', 'NOT_FOUND', 'Not found.'),
  );
});
