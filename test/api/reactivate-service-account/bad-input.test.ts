import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { reactivateServiceAccount } from '../../support/membership-operations.js';

describe('reactivateServiceAccount with bad input', () => {
  itNamesWhatIsWrong(reactivateServiceAccount, ({ account }) => ({ id: account }), [...badId('id')]);
});
