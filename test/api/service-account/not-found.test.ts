import { itFindsNothing } from '../../support/membership.js';
import { serviceAccountById } from '../../support/membership-operations.js';

describe('serviceAccount of something else', () => {
  itFindsNothing(
    serviceAccountById,
    'account',
    ({ account }) => ({ id: account }),
    { data: { serviceAccount: null } },
    ({ alice, bob, dave, deployBot }) => [alice, bob, dave, deployBot],
  );
});
