import { auditEvents } from '../../support/operations.js';
import { itNeedsAnIdentity } from '../../support/refusals.js';

describe('auditEvents without an identity', () => {
  itNeedsAnIdentity(auditEvents);
});
