import { itFindsNothing } from '../../support/membership.js';
import { createServiceAccountToken } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('createServiceAccountToken of something that is not there', () => {
  itFindsNothing(
    createServiceAccountToken,
    'account',
    ({ account }) => ({ input: { serviceAccountId: account, name: 'CI' } }),
    refusalAnswer('createServiceAccountToken', 'NOT_FOUND', 'Not found.'),
  );
});
