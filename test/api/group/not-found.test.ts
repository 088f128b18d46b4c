import { itFindsNothing } from '../../support/membership.js';
import { groupById } from '../../support/membership-operations.js';

describe('group of something else', () => {
  itFindsNothing(
    groupById,
    'group',
    ({ group }) => ({ id: group }),
    { data: { group: null } },
    ({ alice, bob, dave, deployBot }) => [alice, bob, dave, deployBot],
  );
});
