import { itFindsNothing } from '../../support/membership.js';
import { reactivateMember } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('reactivateMember of something that is not there', () => {
  itFindsNothing(
    reactivateMember,
    'person',
    ({ person }) => ({ input: { id: person } }),
    refusalAnswer('reactivateMember', 'NOT_FOUND', 'Not found.'),
  );
});
