import { itFindsNothing } from '../../support/membership.js';
import { memberById } from '../../support/membership-operations.js';

describe('member of something else', () => {
  itFindsNothing(
    memberById,
    'person',
    ({ person }) => ({ id: person }),
    { data: { member: null } },
    ({ alice, bob, dave, deployBot }) => [alice, bob, dave, deployBot],
  );
});
