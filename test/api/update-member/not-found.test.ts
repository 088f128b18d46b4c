import { itFindsNothing } from '../../support/membership.js';
import { updateMember } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('updateMember of something that is not there', () => {
  itFindsNothing(
    updateMember,
    'person',
    ({ person }) => ({ input: { id: person, name: 'Robert' } }),
    refusalAnswer('updateMember', 'NOT_FOUND', 'Not found.'),
  );
});
