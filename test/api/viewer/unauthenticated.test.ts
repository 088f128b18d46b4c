import { viewer } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('viewer without an identity', () => {
  itNeedsAnIdentity(viewer);
});
