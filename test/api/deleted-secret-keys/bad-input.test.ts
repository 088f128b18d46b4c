import { deletedSecretKeys } from '../../support/operations.js';
import { itRefusesBadPages } from '../../support/pages.js';

describe('deletedSecretKeys with bad input', () => {
  itRefusesBadPages(deletedSecretKeys, 'deletedSecretKeys', ({ bob }) => bob);
});
