import { itNeedsAnIdentity } from '../../support/refusals.js';
import { activateWorkflow } from '../../support/workflow-operations.js';

describe('activateWorkflow without an identity', () => {
  itNeedsAnIdentity(activateWorkflow, { input: { id: 'not-an-id' } });
});
