import { createGroup } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('createGroup without an identity', () => {
  itNeedsAnIdentity(createGroup, { input: { name: 'Design' } });
});
