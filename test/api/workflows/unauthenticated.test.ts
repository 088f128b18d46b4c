import { itNeedsAnIdentity } from '../../support/refusals.js';
import { workflows } from '../../support/workflow-operations.js';

describe('workflows without an identity', () => {
  itNeedsAnIdentity(workflows);
});
