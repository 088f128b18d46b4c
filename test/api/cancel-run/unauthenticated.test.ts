import { newId } from '../../../src/ids.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';
import { cancelRun } from '../../support/runs.js';

describe('cancelRun without an identity', () => {
  itNeedsAnIdentity(cancelRun, { input: { id: newId() } });
});
