import { itNeedsAnIdentity } from '../../support/refusals.js';
import { duplicateWorkflow } from '../../support/workflow-operations.js';

describe('duplicateWorkflow without an identity', () => {
  itNeedsAnIdentity(duplicateWorkflow, { input: { id: 'not-an-id', name: 'Copy' } });
});
