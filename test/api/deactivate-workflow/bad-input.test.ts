import { badId } from '../../support/membership.js';
import { deactivateWorkflow } from '../../support/workflow-operations.js';
import { itNamesWhatIsWrong } from '../../support/workflows.js';

describe('deactivateWorkflow with bad input', () => {
  itNamesWhatIsWrong(deactivateWorkflow, (id) => ({ id }), [...badId('id')]);
});
