import { itNeedsAnAdministrator } from '../../support/membership.js';
import { deleteServiceAccount } from '../../support/membership-operations.js';

describe('deleteServiceAccount by whoever does not administer', () => {
  itNeedsAnAdministrator('deleteServiceAccount', deleteServiceAccount, ({ account }) => ({ id: account }));
});
