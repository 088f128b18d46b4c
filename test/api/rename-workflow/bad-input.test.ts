import { badDescription, badId, badName } from '../../support/membership.js';
import { renameWorkflow } from '../../support/workflow-operations.js';
import { itNamesWhatIsWrong } from '../../support/workflows.js';

describe('renameWorkflow with bad input', () => {
  itNamesWhatIsWrong(renameWorkflow, (id) => ({ id, name: 'Design' }), [...badId('id'), ...badName, ...badDescription]);
});
