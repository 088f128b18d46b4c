import { badDescription, badId, badName, itNamesWhatIsWrong } from '../../support/membership.js';
import { updateGroup } from '../../support/membership-operations.js';

describe('updateGroup with bad input', () => {
  itNamesWhatIsWrong(updateGroup, ({ group }) => ({ id: group, name: 'Design' }), [
    ...badId('id'),
    ...badName,
    ...badDescription,
  ]);
});
