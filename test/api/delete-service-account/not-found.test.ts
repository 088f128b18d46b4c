import { itFindsNothing } from '../../support/membership.js';
import { deleteServiceAccount } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('deleteServiceAccount of something that is not there', () => {
  itFindsNothing(
    deleteServiceAccount,
    'account',
    ({ account }) => ({ input: { id: account } }),
    refusalAnswer('deleteServiceAccount', 'NOT_FOUND', 'Not found.'),
  );
});
