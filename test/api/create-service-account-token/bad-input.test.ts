import { badId, badName, itNamesWhatIsWrong } from '../../support/membership.js';
import { createServiceAccountToken } from '../../support/membership-operations.js';

describe('createServiceAccountToken with bad input', () => {
  itNamesWhatIsWrong(createServiceAccountToken, ({ account }) => ({ serviceAccountId: account, name: 'CI' }), [
    ...badId('serviceAccountId'),
    ...badName,
    [{ name: undefined }, 'input.name', 'is required'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'input.expiresAt', 'must lie in the future'],
    [{ expiresAt: 'tomorrow' }, 'input.expiresAt', 'is not a valid DateTime'],
    [{ expiresAt: 4_102_444_800_000 }, 'input.expiresAt', 'is not a valid DateTime'],
  ]);
});
