import { itNeedsAnAdministrator } from '../../support/membership.js';
import { createServiceAccount } from '../../support/membership-operations.js';

describe('createServiceAccount by whoever does not administer', () => {
  itNeedsAnAdministrator('createServiceAccount', createServiceAccount, () => ({ name: 'ci-bot' }));
});
