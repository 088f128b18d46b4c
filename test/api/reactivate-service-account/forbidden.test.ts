import { itNeedsAnAdministrator } from '../../support/membership.js';
import { reactivateServiceAccount } from '../../support/membership-operations.js';

describe('reactivateServiceAccount by whoever does not administer', () => {
  itNeedsAnAdministrator('reactivateServiceAccount', reactivateServiceAccount, ({ account }) => ({ id: account }));
});
