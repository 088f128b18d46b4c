import { updateGroup } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('updateGroup without an identity', () => {
  itNeedsAnIdentity(updateGroup, { input: { id: 'not-an-id', name: 'Design' } });
});
