import { workflowById } from '../../support/workflow-operations.js';
import { itFindsNoWorkflow } from '../../support/workflows.js';

describe('workflow of something that is not there', () => {
  itFindsNoWorkflow(
    workflowById,
    (id) => ({ id }),
    { data: { workflow: null } },
    ({ alice, bob, dave, deployBot }) => [alice, bob, dave, deployBot],
  );
});
