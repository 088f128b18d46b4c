import { itFindsNothing } from '../../support/membership.js';
import { updateServiceAccount } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('updateServiceAccount of something that is not there', () => {
  itFindsNothing(
    updateServiceAccount,
    'account',
    ({ account }) => ({ input: { id: account, name: 'ci-bot' } }),
    refusalAnswer('updateServiceAccount', 'NOT_FOUND', 'Not found.'),
  );
});
