import { newId } from '../../../src/ids.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';
import { runWorkflow } from '../../support/runs.js';

describe('runWorkflow without an identity', () => {
  itNeedsAnIdentity(runWorkflow, { input: { workflowId: newId() } });
});
