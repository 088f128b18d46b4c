import { itNeedsAnIdentity } from '../../support/refusals.js';
import { workflowById } from '../../support/workflow-operations.js';

describe('workflow without an identity', () => {
  itNeedsAnIdentity(workflowById, { id: 'not-an-id' });
});
