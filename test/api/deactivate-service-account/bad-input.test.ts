import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { deactivateServiceAccount } from '../../support/membership-operations.js';

describe('deactivateServiceAccount with bad input', () => {
  itNamesWhatIsWrong(deactivateServiceAccount, ({ account }) => ({ id: account }), [...badId('id')]);
});
