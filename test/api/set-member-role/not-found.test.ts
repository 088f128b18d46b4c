import { itFindsNothing } from '../../support/membership.js';
import { setMemberRole } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('setMemberRole of something that is not there', () => {
  itFindsNothing(
    setMemberRole,
    'person',
    ({ person }) => ({ input: { id: person, role: 'ADMIN' } }),
    refusalAnswer('setMemberRole', 'NOT_FOUND', 'Not found.'),
  );
});
