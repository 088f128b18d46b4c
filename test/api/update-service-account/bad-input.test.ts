import { badDescription, badId, badName, itNamesWhatIsWrong } from '../../support/membership.js';
import { updateServiceAccount } from '../../support/membership-operations.js';

describe('updateServiceAccount with bad input', () => {
  itNamesWhatIsWrong(updateServiceAccount, ({ account }) => ({ id: account, name: 'ci-bot' }), [
    ...badId('id'),
    ...badName,
    ...badDescription,
  ]);
});
