import { itFindsNothing } from '../../support/membership.js';
import { updateCustomRole } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('updateCustomRole of something that is not there', () => {
  itFindsNothing(
    updateCustomRole,
    'customRole',
    ({ customRole }) => ({ input: { id: customRole, name: 'On call' } }),
    refusalAnswer('updateCustomRole', 'NOT_FOUND', 'Not found.'),
  );
});
