import { badId, badName, itNamesWhatIsWrong } from '../../support/membership.js';
import { updateMember } from '../../support/membership-operations.js';

describe('updateMember with bad input', () => {
  itNamesWhatIsWrong(updateMember, ({ person }) => ({ id: person, name: 'Robert' }), [
    ...badId('id'),
    ...badName,
    [{ email: 'canary' }, 'input.email', 'must be an address such as name@example.com'],
    [{ email: `a@${'b'.repeat(253)}` }, 'input.email', 'must have at most 254 characters'],
  ]);
});
