import { itNeedsAnIdentity } from '../../support/refusals.js';
import { renameWorkflow } from '../../support/workflow-operations.js';

describe('renameWorkflow without an identity', () => {
  itNeedsAnIdentity(renameWorkflow, { input: { id: 'not-an-id', name: 'Design' } });
});
