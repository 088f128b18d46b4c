import { newId } from '../../../src/ids.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';
import { workflowRun } from '../../support/runs.js';

describe('workflowRun without an identity', () => {
  itNeedsAnIdentity(workflowRun, { id: newId() });
});
