import { itNeedsAnAdministrator } from '../../support/membership.js';
import { revokeServiceAccountToken } from '../../support/membership-operations.js';

describe('revokeServiceAccountToken by whoever does not administer', () => {
  itNeedsAnAdministrator('revokeServiceAccountToken', revokeServiceAccountToken, ({ account, token }) => ({
    serviceAccountId: account,
    id: token,
  }));
});
