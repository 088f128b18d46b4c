import { itFindsNothing } from '../../support/membership.js';
import { updateGroup } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('updateGroup of something that is not there', () => {
  itFindsNothing(
    updateGroup,
    'group',
    ({ group }) => ({ input: { id: group, name: 'Design' } }),
    refusalAnswer('updateGroup', 'NOT_FOUND', 'Not found.'),
  );
});
