import { itFindsNothing } from '../../support/membership.js';
import { deleteCustomRole } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('deleteCustomRole of something that is not there', () => {
  itFindsNothing(
    deleteCustomRole,
    'customRole',
    ({ customRole }) => ({ input: { id: customRole } }),
    refusalAnswer('deleteCustomRole', 'NOT_FOUND', 'Not found.'),
  );
});
