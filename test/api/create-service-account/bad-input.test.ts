import { badDescription, badName, itNamesWhatIsWrong } from '../../support/membership.js';
import { createServiceAccount } from '../../support/membership-operations.js';

describe('createServiceAccount with bad input', () => {
  itNamesWhatIsWrong(createServiceAccount, () => ({ name: 'ci-bot' }), [
    ...badName,
    ...badDescription,
    [{ name: undefined }, 'input.name', 'is required'],
  ]);
});
