import { itNeedsAnIdentity } from '../../support/refusals.js';
import { deleteWorkflow } from '../../support/workflow-operations.js';

describe('deleteWorkflow without an identity', () => {
  itNeedsAnIdentity(deleteWorkflow, { input: { id: 'not-an-id' } });
});
