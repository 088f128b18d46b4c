import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { updateSecretValue } from '../../support/operations.js';
import { createKey, fakeValue } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, unchanged } from '../../support/stored.js';

describe('updateSecretValue from a version that is not the current one', () => {
  it('is a CONFLICT, and the value stays', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    await bob.data(updateSecretValue, { input: { id, value: fakeValue(), expectedVersion: 1 } });
    for (const expectedVersion of [1, 3, 0, -1]) {
      const refusal = await unchanged(team, () =>
        bob.refusal(updateSecretValue, { input: { id, value: fakeValue(), expectedVersion } }),
      );
      expect(refusal).to.deep.equal({ code: 'CONFLICT' });
    }
  });

  it('lets one of several at the same time win', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const value = fakeValue();
        const { errors } = await bob.ask(updateSecretValue, { input: { id, value, expectedVersion: 1 } });
        return { value, code: errors?.[0]?.extensions.code ?? 'updated' };
      }),
    );
    const winners = outcomes.filter(({ code }) => code === 'updated');
    expect(outcomes.map(({ code }) => code).sort()).to.deep.equal([...Array(4).fill('CONFLICT'), 'updated']);
    expect((await openStoredValue(team, id)).toString()).to.equal(winners[0]?.value);
    expect((await recordedEvents(team)).map(({ type }) => type)).to.deep.equal([
      'secretKey.created',
      'secretKey.valueReplaced',
    ]);
  });
});
