import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { revokeServiceAccountToken } from '../../support/membership-operations.js';

describe('revokeServiceAccountToken with bad input', () => {
  itNamesWhatIsWrong(revokeServiceAccountToken, ({ account, token }) => ({ serviceAccountId: account, id: token }), [
    ...badId('serviceAccountId'),
    ...badId('id'),
  ]);
});
