import { groupById } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('group without an identity', () => {
  itNeedsAnIdentity(groupById, { id: 'not-an-id' });
});
