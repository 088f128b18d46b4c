import { itNeedsAnAdministrator } from '../../support/membership.js';
import { createServiceAccountToken } from '../../support/membership-operations.js';

describe('createServiceAccountToken by whoever does not administer', () => {
  itNeedsAnAdministrator('createServiceAccountToken', createServiceAccountToken, ({ account }) => ({
    serviceAccountId: account,
    name: 'CI',
  }));
});
