import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { restoreSecretKey } from '../../support/operations.js';
import { createKey, deleteKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('restoreSecretKey with bad input', () => {
  it('names the field that is wrong, and restores nothing', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    await deleteKey(team.bob, id);
    const cases: readonly (readonly [input: Record<string, unknown>, field: string, message: string])[] = [
      [{ id, name: ' ' }, 'input.name', 'must have 1 to 120 characters'],
      [{ id, name: 'a'.repeat(121) }, 'input.name', 'must have 1 to 120 characters'],
      [{ id, name: 'a\nb' }, 'input.name', 'must not contain control characters or line breaks'],
      [{ name: 'Payments' }, 'input.id', 'is required'],
    ];
    for (const [input, field, message] of cases) {
      expect(await unchanged(team, () => team.bob.refusal(restoreSecretKey, { input }))).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field, message }],
      });
    }
  });
});
