import { itFindsNothing } from '../../support/membership.js';
import { deactivateMember } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('deactivateMember of something that is not there', () => {
  itFindsNothing(
    deactivateMember,
    'person',
    ({ person }) => ({ input: { id: person } }),
    refusalAnswer('deactivateMember', 'NOT_FOUND', 'Not found.'),
  );
});
