import { badId } from '../../support/membership.js';
import { deleteWorkflow } from '../../support/workflow-operations.js';
import { itNamesWhatIsWrong } from '../../support/workflows.js';

describe('deleteWorkflow with bad input', () => {
  itNamesWhatIsWrong(deleteWorkflow, (id) => ({ id }), [...badId('id')]);
});
