import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createSecretKey } from '../../support/operations.js';
import { createKey, fakeValue, uniqueName } from '../../support/secret-keys.js';
import { recordedEvents, unchanged } from '../../support/stored.js';

describe('createSecretKey under a name that is taken', () => {
  it('compares names trimmed, in NFC and without regard to case', async () => {
    const team = await newTeam();
    const { bob } = team;
    const pairs: readonly (readonly [taken: string, wanted: string])[] = [
      ['Payments', 'Payments'],
      ['Invoices', '  iNVOICES\n'],
      ['Caf\u00e9', 'CAFE\u0301'],
      ['Stra\u00dfe', 'STRASSE'],
      ['\u03a3\u03a3', '\u03c3\u03c2'],
    ];
    for (const [taken, wanted] of pairs) {
      await createKey(bob, { name: taken });
      const refusal = await unchanged(team, () =>
        bob.refusal(createSecretKey, { input: { name: wanted, value: fakeValue() } }),
      );
      expect([wanted, refusal]).to.deep.equal([wanted, { code: 'CONFLICT' }]);
    }
  });

  it('answers alike whether the caller may see the key that has the name or not', async () => {
    const { bob, carol } = await newTeam();
    await createKey(bob, { name: 'Seen' });
    await createKey(carol, { name: 'Unseen' });
    const ask = async (name: string) => {
      const { status, text } = await bob.ask(createSecretKey, { input: { name, value: fakeValue() } });
      return { status, text };
    };
    const answer = await ask('Seen');
    expect(await ask('Unseen')).to.deep.equal(answer);
    expect(JSON.parse(answer.text).errors[0].message).to.equal('A key with this name exists in the organization.');
  });

  it('lets one of several at the same time have it', async () => {
    const team = await newTeam();
    const name = uniqueName();
    const codes = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const { errors } = await team.bob.ask(createSecretKey, { input: { name, value: fakeValue() } });
        return errors?.[0]?.extensions.code ?? 'created';
      }),
    );
    expect(codes.sort()).to.deep.equal([...Array(5).fill('CONFLICT'), 'created']);
    expect((await recordedEvents(team)).map(({ type }) => type)).to.deep.equal(['secretKey.created']);
  });
});
