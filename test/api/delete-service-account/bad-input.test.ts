import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { deleteServiceAccount } from '../../support/membership-operations.js';

describe('deleteServiceAccount with bad input', () => {
  itNamesWhatIsWrong(deleteServiceAccount, ({ account }) => ({ id: account }), [...badId('id')]);
});
