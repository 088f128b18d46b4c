import { itFindsNothing } from '../../support/membership.js';
import { revokeServiceAccountToken } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('revokeServiceAccountToken of something that is not there', () => {
  itFindsNothing(
    revokeServiceAccountToken,
    'account',
    ({ account, token }) => ({ input: { serviceAccountId: account, id: token } }),
    refusalAnswer('revokeServiceAccountToken', 'NOT_FOUND', 'Not found.'),
  );
  itFindsNothing(
    revokeServiceAccountToken,
    'token',
    ({ account, token }) => ({ input: { serviceAccountId: account, id: token } }),
    refusalAnswer('revokeServiceAccountToken', 'NOT_FOUND', 'Not found.'),
  );
});
