import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { deleteSecretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('deleteSecretKey with bad input', () => {
  it('names the field that is wrong, and deletes nothing', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    const cases: readonly (readonly [input: unknown, field: string, message: string])[] = [
      [{}, 'input.id', 'is required'],
      [{ id: [id, id] }, 'input.id', 'has the wrong type'],
      [{ id, force: true }, 'input', 'has a field that is not known'],
      [null, 'input', 'is required'],
    ];
    for (const [input, field, message] of cases) {
      expect(await unchanged(team, () => team.bob.refusal(deleteSecretKey, { input }))).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field, message }],
      });
    }
  });
});
