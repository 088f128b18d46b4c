import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { auditEvents } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('auditEvents to whoever neither administers nor audits', () => {
  it('is FORBIDDEN, also about a key that they manage', async () => {
    const { bob, deployBot } = await newTeam();
    const id = await createKey(bob, { grants: [{ granteeId: deployBot.id, permission: 'MANAGE' }] });
    for (const caller of [bob, deployBot]) {
      for (const filter of [undefined, { subjectId: id }, { types: [] }]) {
        expect(await caller.refusal(auditEvents, { filter })).to.deep.equal({ code: 'FORBIDDEN' });
      }
    }
  });
});
