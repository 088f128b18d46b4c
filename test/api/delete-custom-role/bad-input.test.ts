import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { deleteCustomRole } from '../../support/membership-operations.js';

describe('deleteCustomRole with bad input', () => {
  itNamesWhatIsWrong(deleteCustomRole, ({ customRole }) => ({ id: customRole }), badId('id'));
});
