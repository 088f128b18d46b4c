import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { setSecretAccess } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('setSecretAccess with bad input', () => {
  it('names every field that is wrong, and changes nothing', async () => {
    const team = await newTeam();
    const { bob, carol, stranger } = team;
    const id = await createKey(bob);
    const use = (granteeId: string) => ({ granteeId, permission: 'USE' });
    const nobody = 'is nobody in this organization';
    const cases: readonly (readonly [input: Record<string, unknown>, ...fields: (readonly [string, string])[]])[] = [
      [
        { level: 'TEAM', grants: [use(stranger.id), use(carol.id), use(carol.id), use('')] },
        ['input.grants[0].granteeId', nobody],
        ['input.grants[2].granteeId', 'is given twice'],
        ['input.grants[3].granteeId', nobody],
      ],
      [
        { level: 'TEAM', grants: Array.from({ length: 501 }, () => use(carol.id)) },
        ['input.grants', 'must have at most 500 elements'],
      ],
      [{ level: 'OPEN' }, ['input.level', 'is not one of the allowed values']],
      [
        { level: 'TEAM', grants: [{ granteeId: carol.id, permission: 'ADMIN' }] },
        ['input.grants[0].permission', 'is not one of the allowed values'],
      ],
      [{}, ['input.level', 'is required']],
    ];
    for (const [input, ...fields] of cases) {
      const refusal = await unchanged(team, () => bob.refusal(setSecretAccess, { input: { id, ...input } }));
      expect(refusal).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: fields.map(([field, message]) => ({ field, message })),
      });
    }
  });
});
