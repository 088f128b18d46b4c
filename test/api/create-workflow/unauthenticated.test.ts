import { itNeedsAnIdentity } from '../../support/refusals.js';
import { createWorkflow } from '../../support/workflow-operations.js';

describe('createWorkflow without an identity', () => {
  itNeedsAnIdentity(createWorkflow, { input: { name: 'Design' } });
});
