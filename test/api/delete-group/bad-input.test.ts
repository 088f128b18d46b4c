import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { deleteGroup } from '../../support/membership-operations.js';

describe('deleteGroup with bad input', () => {
  itNamesWhatIsWrong(deleteGroup, ({ group }) => ({ id: group }), [...badId('id')]);
});
