import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { reactivateMember } from '../../support/membership-operations.js';

describe('reactivateMember with bad input', () => {
  itNamesWhatIsWrong(reactivateMember, ({ person }) => ({ id: person }), [...badId('id')]);
});
