import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { secretKey, setSecretUse } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, signedAccess } from '../../support/stored.js';

describe('setSecretUse', () => {
  it('replaces what is given, signs it and records it beside what was', async () => {
    const team = await newTeam();
    const { bob } = team;
    const value = 'not-a-real-secret';
    const id = await createKey(bob, { name: 'Payments', value });
    const { secretKey: before } = await bob.data(secretKey, { id });
    const expiresAt = '2099-01-31T09:30:00.000Z';
    const { setSecretUse: set } = await bob.data(setSecretUse, {
      input: {
        id,
        allowedHosts: ['b.example.com', 'A.Example.com', 'a.example.com'],
        placements: ['QUERY', 'HEADER'],
        uses: ['HMAC', 'SEND_API_REQUEST'],
        expiresAt,
        expectedAccessRevision: 1,
      },
    });
    const terms = {
      allowedHosts: ['a.example.com', 'b.example.com'],
      allowsAnyHost: false,
      placements: ['HEADER', 'QUERY'],
      uses: ['SEND_API_REQUEST', 'HMAC'],
    };
    const { updatedAt } = set.secretKey;
    expect(set).to.deep.equal({
      secretKey: { ...before, ...terms, expiresAt, accessRevision: 2, updatedAt },
      warnings: [],
    });
    expect(await bob.data(secretKey, { id })).to.deep.equal({ secretKey: set.secretKey });
    expect(await signedAccess(team, id)).to.deep.equal({
      accessRevision: 2,
      accessLevel: 'RESTRICTED',
      grants: [{ granteeId: bob.id, permission: 'MANAGE' }],
      ...terms,
      expiresAt: Date.parse(expiresAt),
    });
    expect((await openStoredValue(team, id)).toString()).to.equal(value);
    expect((await recordedEvents(team)).slice(1)).to.deep.equal([
      {
        type: 'secretKey.useChanged',
        actor: 'Bob',
        subject: { type: 'SecretKey', id, name: 'Payments' },
        details: {
          from: {
            allowedHosts: [],
            allowsAnyHost: false,
            placements: ['HEADER'],
            uses: ['SEND_API_REQUEST', 'RUN_CODE'],
            expiresAt: null,
          },
          to: { ...terms, expiresAt: Date.parse(expiresAt) },
        },
        rule: 'secret-key/manage-by-grant',
      },
    ]);
  });

  it('leaves what is omitted or null as it is, but for an expiry of null, which removes it', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    const terms = {
      allowedHosts: ['api.example.com'],
      allowsAnyHost: true,
      placements: ['BODY'],
      uses: ['JWT'],
      expiresAt: '2099-01-31T09:30:00.000Z',
    };
    const set = async (input: Record<string, unknown>) => {
      const { setSecretUse: changed } = await bob.data(setSecretUse, { input: { id, ...input } });
      const { allowedHosts, allowsAnyHost, placements, uses, expiresAt, accessRevision } = changed.secretKey;
      expect((await signedAccess(team, id)).accessRevision).to.equal(accessRevision);
      return { allowedHosts, allowsAnyHost, placements, uses, expiresAt };
    };
    expect(await set(terms)).to.deep.equal(terms);
    expect(await set({})).to.deep.equal(terms);
    const nothing = { allowedHosts: null, allowsAnyHost: null, placements: null, uses: null };
    expect(await set(nothing)).to.deep.equal(terms);
    expect(await set({ expiresAt: null })).to.deep.equal({ ...terms, expiresAt: null });
    expect(await set({ allowedHosts: [], allowsAnyHost: false })).to.deep.equal({
      ...terms,
      allowedHosts: [],
      allowsAnyHost: false,
      expiresAt: null,
    });
  });

  it('warns of a key that no request can carry, that any request can carry, or that code gets raw', async () => {
    const { bob } = await newTeam();
    const id = await createKey(bob);
    const warnings = async (input: Record<string, unknown>) => {
      const { setSecretUse: set } = await bob.data(setSecretUse, { input: { id, ...input } });
      return set.warnings.map(({ code }: { code: string }) => code);
    };
    expect([
      await warnings({}),
      await warnings({ allowedHosts: ['api.example.com'] }),
      await warnings({ allowsAnyHost: true }),
      await warnings({ uses: ['RAW'], rawReason: 'A test.' }),
      await warnings({ allowedHosts: [], allowsAnyHost: false }),
    ]).to.deep.equal([
      ['NO_ALLOWED_HOSTS'],
      [],
      ['ANY_HOST'],
      ['ANY_HOST', 'RAW_USE'],
      ['NO_ALLOWED_HOSTS', 'RAW_USE'],
    ]);
  });

  it('asks for a reason when code gets the value itself for the first time, and records it', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    await bob.data(setSecretUse, { input: { id, uses: ['RAW'], rawReason: 'A library takes nothing else.' } });
    await bob.data(setSecretUse, { input: { id, uses: ['RAW', 'JWT'] } });
    const reasons = (await recordedEvents(team)).slice(1).map(({ details }) => details.rawReason ?? null);
    expect(reasons).to.deep.equal(['A library takes nothing else.', null]);
  });
});
