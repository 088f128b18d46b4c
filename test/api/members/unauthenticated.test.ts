import { members } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('members without an identity', () => {
  itNeedsAnIdentity(members);
});
