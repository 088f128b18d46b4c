/** Who sees a key without managing it. */
import { expect } from 'chai';
import { newTeam } from './api.js';
import { createKey } from './secret-keys.js';
import { unchanged } from './stored.js';

export function itNeedsManage(query: string, variables: (id: string) => Record<string, unknown>): void {
  it('is FORBIDDEN, and changes nothing, to whoever may only use the key or only check it', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot, growth } = team;
    const restricted = await createKey(carol, {
      grants: [
        { granteeId: growth, permission: 'USE' },
        { granteeId: deployBot.id, permission: 'USE' },
        { granteeId: dave.id, permission: 'MANAGE' },
      ],
    });
    const shared = await createKey(alice, { level: 'TEAM' });
    for (const id of [restricted, shared]) {
      for (const caller of [bob, deployBot, dave]) {
        const refusal = await unchanged(team, () => caller.refusal(query, variables(id)));
        expect([caller.name, refusal]).to.deep.equal([caller.name, { code: 'FORBIDDEN' }]);
      }
    }
  });
}
