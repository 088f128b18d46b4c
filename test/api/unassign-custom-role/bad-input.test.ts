import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { unassignCustomRole } from '../../support/membership-operations.js';

describe('unassignCustomRole with bad input', () => {
  itNamesWhatIsWrong(
    unassignCustomRole,
    ({ customRole, person }) => ({ customRoleId: customRole, granteeId: person }),
    [...badId('customRoleId'), ...badId('granteeId')],
  );
});
