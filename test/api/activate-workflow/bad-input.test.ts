import { badId } from '../../support/membership.js';
import { activateWorkflow } from '../../support/workflow-operations.js';
import { itNamesWhatIsWrong } from '../../support/workflows.js';

describe('activateWorkflow with bad input', () => {
  itNamesWhatIsWrong(activateWorkflow, (id) => ({ id }), [...badId('id')]);
});
