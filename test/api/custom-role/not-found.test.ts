import { itFindsNothing } from '../../support/membership.js';
import { customRoleById } from '../../support/membership-operations.js';

describe('customRole of something else', () => {
  itFindsNothing(
    customRoleById,
    'customRole',
    ({ customRole }) => ({ id: customRole }),
    { data: { customRole: null } },
    ({ alice, bob, dave, deployBot }) => [alice, bob, dave, deployBot],
  );
});
