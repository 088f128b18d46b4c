import { refusalAnswer } from '../../support/refusals.js';
import { cancelRun, itFindsNoRun } from '../../support/runs.js';

describe('cancelRun of nothing', () => {
  itFindsNoRun(cancelRun, (id) => ({ input: { id } }), refusalAnswer('cancelRun', 'NOT_FOUND', 'Not found.'));
});
