import { badId, badName } from '../../support/membership.js';
import { duplicateWorkflow } from '../../support/workflow-operations.js';
import { itNamesWhatIsWrong } from '../../support/workflows.js';

describe('duplicateWorkflow with bad input', () => {
  itNamesWhatIsWrong(duplicateWorkflow, (id) => ({ id, name: 'Copy' }), [...badId('id'), ...badName]);
});
