import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { setSecretUse } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('setSecretUse with bad input', () => {
  it('names every field that is wrong, and changes nothing', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    const host = 'must be a host such as api.example.com, *.example.com or http://localhost:8080, without a path';
    const reason = 'is required to let code have the value itself';
    const cases: readonly (readonly [input: Record<string, unknown>, ...fields: (readonly [string, string])[]])[] = [
      [
        { allowedHosts: ['ok.example.com', 'https://example.com/', '*.com'], placements: [], uses: ['RAW'] },
        ['input.allowedHosts[1]', host],
        ['input.allowedHosts[2]', host],
        ['input.placements', 'must name at least one'],
        ['input.rawReason', reason],
      ],
      [{ uses: [] }, ['input.uses', 'must name at least one']],
      [{ uses: ['RAW'], rawReason: '\n' }, ['input.rawReason', reason]],
      [{ uses: ['RAW'], rawReason: 'a'.repeat(1_001) }, ['input.rawReason', 'must have at most 1000 characters']],
      [{ expiresAt: '1970-01-01T00:00:00Z' }, ['input.expiresAt', 'must lie in the future']],
      [{ placements: ['COOKIE'] }, ['input.placements[0]', 'is not one of the allowed values']],
      [
        { allowedHosts: Array.from({ length: 51 }, (_, index) => `h${index}.example.com`) },
        ['input.allowedHosts', 'must have at most 50 elements'],
      ],
    ];
    for (const [input, ...fields] of cases) {
      const refusal = await unchanged(team, () => team.bob.refusal(setSecretUse, { input: { id, ...input } }));
      expect(refusal).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: fields.map(([field, message]) => ({ field, message })),
      });
    }
  });
});
