import { itFindsNothing } from '../../support/membership.js';
import { deactivateServiceAccount } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('deactivateServiceAccount of something that is not there', () => {
  itFindsNothing(
    deactivateServiceAccount,
    'account',
    ({ account }) => ({ input: { id: account } }),
    refusalAnswer('deactivateServiceAccount', 'NOT_FOUND', 'Not found.'),
  );
});
