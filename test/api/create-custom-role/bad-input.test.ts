import { badDescription, badName, itNamesWhatIsWrong } from '../../support/membership.js';
import { createCustomRole } from '../../support/membership-operations.js';

const notOffered = 'is no permission set that the policies offer';

describe('createCustomRole with bad input', () => {
  itNamesWhatIsWrong(createCustomRole, () => ({ name: 'On call', permissionSets: ['audit-reader'] }), [
    ...badName,
    ...badDescription,
    [{ name: undefined }, 'input.name', 'is required'],
    [{ permissionSets: undefined }, 'input.permissionSets', 'is required'],
    [{ permissionSets: null }, 'input.permissionSets', 'is required'],
    [{ permissionSets: [] }, 'input.permissionSets', 'must name at least one permission set'],
    [{ permissionSets: ['audit-reader', 'canary'] }, 'input.permissionSets[1]', notOffered],
    [{ permissionSets: ['admin'] }, 'input.permissionSets[0]', notOffered],
    [{ permissionSets: ['Audit-Reader'] }, 'input.permissionSets[0]', notOffered],
    [{ permissionSets: [''] }, 'input.permissionSets[0]', notOffered],
    [{ permissionSets: [null] }, 'input.permissionSets[0]', 'is required'],
    [{ permissionSets: [1] }, 'input.permissionSets[0]', 'has the wrong type'],
  ]);
});
