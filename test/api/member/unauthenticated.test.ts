import { memberById } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('member without an identity', () => {
  itNeedsAnIdentity(memberById, { id: 'not-an-id' });
});
