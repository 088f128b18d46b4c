import { itFindsNoRun, workflowRun } from '../../support/runs.js';

describe('workflowRun of nothing', () => {
  itFindsNoRun(workflowRun, (id) => ({ id }), { data: { workflowRun: null } });
});
