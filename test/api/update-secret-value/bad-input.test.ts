import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createSecretKey, updateSecretValue } from '../../support/operations.js';
import { fakeValue, uniqueName } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('updateSecretValue with bad input', () => {
  it('names every field that is wrong, never what is in it, and keeps the old value', async () => {
    const team = await newTeam();
    const { createSecretKey: created } = await team.bob.data(createSecretKey, {
      input: { name: uniqueName(), value: fakeValue(), uses: ['RAW'], rawReason: 'A test.' },
    });
    const { id } = created.secretKey;
    const canary = fakeValue();
    const cases: readonly (readonly [input: Record<string, unknown>, field: string, message: string])[] = [
      [{ value: '' }, 'input.value', 'must not be empty'],
      [{ value: canary.repeat(3_000) }, 'input.value', 'must have at most 65536 bytes'],
      [{ value: `${canary}\ud83d` }, 'input.value', 'must be well-formed Unicode; send bytes as BASE64'],
      [{ value: canary, valueEncoding: 'BASE64' }, 'input.value', 'must be base64 (RFC 4648, padded, no line breaks)'],
      [{ value: 'fakekey' }, 'input.value', 'must have at least 8 bytes while code may get the value itself'],
      [{ value: canary, expiresAt: '2020-01-01T00:00:00Z' }, 'input.expiresAt', 'must lie in the future'],
      [{ value: canary, expectedVersion: '1' }, 'input.expectedVersion', 'has the wrong type'],
      [{ value: [canary, canary] }, 'input.value', 'has the wrong type'],
    ];
    for (const [input, field, message] of cases) {
      const { errors, text } = await unchanged(team, () =>
        team.bob.ask(updateSecretValue, { input: { id, ...input } }),
      );
      expect(errors?.map(({ extensions }) => extensions)).to.deep.equal([
        { code: 'BAD_USER_INPUT', fields: [{ field, message }] },
      ]);
      expect(text).not.to.include(canary);
    }
  });
});
