import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { deactivateMember } from '../../support/membership-operations.js';

describe('deactivateMember with bad input', () => {
  itNamesWhatIsWrong(deactivateMember, ({ person }) => ({ id: person }), [...badId('id')]);
});
