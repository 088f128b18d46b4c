import { badName, itNamesWhatIsWrong } from '../../support/membership.js';
import { addMember } from '../../support/membership-operations.js';

describe('addMember with bad input', () => {
  itNamesWhatIsWrong(addMember, () => ({ name: 'Erin', role: 'MEMBER', subject: 'erin' }), [
    ...badName,
    [{ name: undefined }, 'input.name', 'is required'],
    [{ role: undefined }, 'input.role', 'is required'],
    [{ role: 'OWNER' }, 'input.role', 'is not one of the allowed values'],
    [{ subject: undefined }, 'input.subject', 'is required'],
    ...['', ' erin', 'erin ', 'er\nin', 'ér\u00edn', 'a'.repeat(256)].map(
      (subject) =>
        [
          { subject },
          'input.subject',
          'must have 1 to 255 printable ASCII characters, no space at either end',
        ] as const,
    ),
    ...['', 'https://issuer example', 'a'.repeat(256)].map(
      (issuer) => [{ issuer }, 'input.issuer', 'must have 1 to 255 characters, no spaces'] as const,
    ),
    [{ email: 'canary' }, 'input.email', 'must be an address such as name@example.com'],
    [{ email: `a@${'b'.repeat(253)}` }, 'input.email', 'must have at most 254 characters'],
  ]);
});
