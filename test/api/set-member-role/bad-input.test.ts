import { badId, itNamesWhatIsWrong } from '../../support/membership.js';
import { setMemberRole } from '../../support/membership-operations.js';

describe('setMemberRole with bad input', () => {
  itNamesWhatIsWrong(setMemberRole, ({ person }) => ({ id: person, role: 'ADMIN' }), [
    ...badId('id'),
    [{ role: undefined }, 'input.role', 'is required'],
    [{ role: null }, 'input.role', 'is required'],
    [{ role: 'OWNER' }, 'input.role', 'is not one of the allowed values'],
    [{ role: 1 }, 'input.role', 'has the wrong type'],
  ]);
});
