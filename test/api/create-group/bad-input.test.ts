import { badDescription, badName, itNamesWhatIsWrong } from '../../support/membership.js';
import { createGroup } from '../../support/membership-operations.js';

describe('createGroup with bad input', () => {
  itNamesWhatIsWrong(createGroup, () => ({ name: 'Design' }), [
    ...badName,
    ...badDescription,
    [{ name: undefined }, 'input.name', 'is required'],
  ]);
});
