import { addMember } from '../../support/membership-operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('addMember without an identity', () => {
  itNeedsAnIdentity(addMember, { input: { name: 'Erin', role: 'MEMBER', subject: 'erin' } });
});
