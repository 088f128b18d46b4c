import { itFindsNothing } from '../../support/membership.js';
import { deleteGroup } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('deleteGroup of something that is not there', () => {
  itFindsNothing(
    deleteGroup,
    'group',
    ({ group }) => ({ input: { id: group } }),
    refusalAnswer('deleteGroup', 'NOT_FOUND', 'Not found.'),
  );
});
