import { itNeedsAnIdentity } from '../../support/refusals.js';
import { deactivateWorkflow } from '../../support/workflow-operations.js';

describe('deactivateWorkflow without an identity', () => {
  itNeedsAnIdentity(deactivateWorkflow, { input: { id: 'not-an-id' } });
});
