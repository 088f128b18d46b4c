import { itNeedsAnAdministrator } from '../../support/membership.js';
import { deactivateMember } from '../../support/membership-operations.js';

describe('deactivateMember by whoever does not administer', () => {
  itNeedsAnAdministrator('deactivateMember', deactivateMember, ({ person }) => ({ id: person }));
});
