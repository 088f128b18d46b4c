import { itNeedsAnAdministrator } from '../../support/membership.js';
import { updateServiceAccount } from '../../support/membership-operations.js';

describe('updateServiceAccount by whoever does not administer', () => {
  itNeedsAnAdministrator('updateServiceAccount', updateServiceAccount, ({ account }) => ({
    id: account,
    name: 'ci-bot',
  }));
});
