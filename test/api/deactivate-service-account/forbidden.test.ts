import { itNeedsAnAdministrator } from '../../support/membership.js';
import { deactivateServiceAccount } from '../../support/membership-operations.js';

describe('deactivateServiceAccount by whoever does not administer', () => {
  itNeedsAnAdministrator('deactivateServiceAccount', deactivateServiceAccount, ({ account }) => ({ id: account }));
});
