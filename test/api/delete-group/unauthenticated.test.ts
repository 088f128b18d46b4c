import { deleteGroup } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('deleteGroup without an identity', () => {
  itNeedsAnIdentity(deleteGroup, { input: { id: 'not-an-id' } });
});
