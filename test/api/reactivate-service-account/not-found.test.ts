import { itFindsNothing } from '../../support/membership.js';
import { reactivateServiceAccount } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('reactivateServiceAccount of something that is not there', () => {
  itFindsNothing(
    reactivateServiceAccount,
    'account',
    ({ account }) => ({ input: { id: account } }),
    refusalAnswer('reactivateServiceAccount', 'NOT_FOUND', 'Not found.'),
  );
});
