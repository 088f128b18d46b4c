import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { renameSecretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('renameSecretKey with bad input', () => {
  it('names every field that is wrong, and changes nothing', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    const cases: readonly (readonly [input: Record<string, unknown>, field: string, message: string])[] = [
      [{ name: ' ' }, 'input.name', 'must have 1 to 120 characters'],
      [{ name: 'a'.repeat(121) }, 'input.name', 'must have 1 to 120 characters'],
      [{ name: 'a\tb' }, 'input.name', 'must not contain control characters or line breaks'],
      [{ name: 'a', description: 'a'.repeat(1_001) }, 'input.description', 'must have at most 1000 characters'],
      [{ name: null }, 'input.name', 'is required'],
      [{ name: 'a', id: null }, 'input.id', 'is required'],
    ];
    for (const [input, field, message] of cases) {
      const refusal = await unchanged(team, () => team.bob.refusal(renameSecretKey, { input: { id, ...input } }));
      expect(refusal).to.deep.equal({ code: 'BAD_USER_INPUT', fields: [{ field, message }] });
    }
  });
});
