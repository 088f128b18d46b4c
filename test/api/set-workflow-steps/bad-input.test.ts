import { badId } from '../../support/membership.js';
import { setWorkflowSteps } from '../../support/workflow-operations.js';
import { itNamesWhatIsWrong } from '../../support/workflows.js';

describe('setWorkflowSteps with bad input', () => {
  itNamesWhatIsWrong(setWorkflowSteps, (id) => ({ id, steps: [] }), [
    ...badId('id'),
    [{ steps: undefined }, 'input.steps', 'is required'],
  ]);
});
