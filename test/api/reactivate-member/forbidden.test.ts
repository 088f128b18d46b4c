import { itNeedsAnAdministrator } from '../../support/membership.js';
import { reactivateMember } from '../../support/membership-operations.js';

describe('reactivateMember by whoever does not administer', () => {
  itNeedsAnAdministrator('reactivateMember', reactivateMember, ({ person }) => ({ id: person }));
});
