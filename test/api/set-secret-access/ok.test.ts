import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { secretKey, secretKeys, setSecretAccess } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { recordedEvents, signedAccess } from '../../support/stored.js';

const everything = ['USE', 'USE_RAW', 'RENAME', 'UPDATE_VALUE', 'SET_ACCESS', 'SET_USE', 'ALLOW_RAW', 'DELETE'];

describe('setSecretAccess', () => {
  it('shares a restricted key with a group, whose members then may use it and see no grants', async () => {
    const team = await newTeam();
    const { bob, carol, platform } = team;
    const id = await createKey(bob, { name: 'Payments' });
    const { secretKey: before } = await bob.data(secretKey, { id });
    const kept = { granteeId: bob.id, permission: 'MANAGE' };
    const grants = [kept, { granteeId: platform, permission: 'USE' }];
    const { setSecretAccess: set } = await bob.data(setSecretAccess, {
      input: { id, level: 'RESTRICTED', grants, expectedAccessRevision: 1 },
    });
    expect(set).to.deep.equal({
      secretKey: {
        ...before,
        accessRevision: 2,
        grants: [
          { grantee: { id: bob.id, kind: 'PERSON', name: 'Bob' }, permission: 'MANAGE' },
          { grantee: { id: platform, kind: 'GROUP', name: 'Platform' }, permission: 'USE' },
        ],
        updatedAt: set.secretKey.updatedAt,
      },
      warnings: [],
    });
    const { secretKey: seen } = await carol.data(secretKey, { id });
    expect(seen).to.deep.equal({ ...set.secretKey, viewerCan: ['USE', 'USE_RAW'], grants: null, accessRevision: null });
    const signed = await signedAccess(team, id);
    expect([signed.accessRevision, signed.accessLevel]).to.deep.equal([2, 'RESTRICTED']);
    expect(signed.grants).to.have.deep.members(grants);
    expect((await recordedEvents(team)).slice(1)).to.deep.equal([
      {
        type: 'secretKey.accessChanged',
        actor: 'Bob',
        subject: { type: 'SecretKey', id, name: 'Payments' },
        details: { from: { level: 'RESTRICTED', grants: [kept] }, to: { level: 'RESTRICTED', grants } },
        rule: 'secret-key/manage-by-grant',
      },
    ]);
  });

  it('keeps the grants when they are omitted or null, and replaces all of them when given', async () => {
    const team = await newTeam();
    const { alice, bob, carol, growth } = team;
    const id = await createKey(bob, { grants: [{ granteeId: carol.id, permission: 'USE' }] });
    const set = async (level: string, grants?: unknown) => {
      const { setSecretAccess: changed } = await alice.data(setSecretAccess, { input: { id, level, grants } });
      const signed = await signedAccess(team, id);
      expect(changed.secretKey.accessRevision).to.equal(signed.accessRevision);
      return {
        level: signed.accessLevel,
        grants: changed.secretKey.grants.map((grant: { grantee: { name: string }; permission: string }) => [
          grant.grantee.name,
          grant.permission,
        ]),
        signed: signed.grants.length,
      };
    };
    expect([
      await set('TEAM'),
      await set('RESTRICTED', null),
      await set('RESTRICTED', [{ granteeId: growth, permission: 'MANAGE' }]),
      await set('RESTRICTED', [
        { granteeId: growth, permission: 'USE' },
        { granteeId: carol.id, permission: 'MANAGE' },
      ]),
    ]).to.deep.equal([
      {
        level: 'TEAM',
        grants: [
          ['Bob', 'MANAGE'],
          ['Carol', 'USE'],
        ],
        signed: 2,
      },
      {
        level: 'RESTRICTED',
        grants: [
          ['Bob', 'MANAGE'],
          ['Carol', 'USE'],
        ],
        signed: 2,
      },
      { level: 'RESTRICTED', grants: [['Growth', 'MANAGE']], signed: 1 },
      {
        level: 'RESTRICTED',
        grants: [
          ['Carol', 'MANAGE'],
          ['Growth', 'USE'],
        ],
        signed: 2,
      },
    ]);
  });

  it('opens a key to the whole team and closes it again', async () => {
    const { bob, carol, deployBot } = await newTeam();
    const id = await createKey(bob);
    const sight = async () => {
      const seen: unknown[] = [];
      for (const client of [carol, deployBot]) {
        const { secretKey: key } = await client.data(secretKey, { id });
        const { secretKeys: list } = await client.data(secretKeys);
        seen.push([key?.viewerCan ?? null, list.totalCount]);
      }
      return seen;
    };
    const hidden = [
      [null, 0],
      [null, 0],
    ];
    expect(await sight()).to.deep.equal(hidden);
    await bob.data(setSecretAccess, { input: { id, level: 'TEAM' } });
    expect(await sight()).to.deep.equal([
      [['USE', 'USE_RAW'], 1],
      [['USE', 'USE_RAW'], 1],
    ]);
    await bob.data(setSecretAccess, { input: { id, level: 'RESTRICTED' } });
    expect(await sight()).to.deep.equal(hidden);
  });

  it('gives no key to whoever takes away their own access, and NOT_FOUND to them from then on', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const id = await createKey(bob);
    const grants = [{ granteeId: carol.id, permission: 'MANAGE' }];
    expect(await bob.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants } })).to.deep.equal({
      setSecretAccess: { secretKey: null, warnings: [] },
    });
    expect(await bob.data(secretKey, { id })).to.deep.equal({ secretKey: null });
    expect(await bob.refusal(setSecretAccess, { input: { id, level: 'TEAM' } })).to.deep.equal({ code: 'NOT_FOUND' });
    expect((await carol.data(secretKey, { id })).secretKey.viewerCan).to.deep.equal(everything);
    expect((await signedAccess(team, id)).grants).to.deep.equal(grants);
  });

  it('lets a manager keep Use only, who then sees no grants', async () => {
    const { bob, carol } = await newTeam();
    const id = await createKey(bob);
    const grants = [
      { granteeId: carol.id, permission: 'MANAGE' },
      { granteeId: bob.id, permission: 'USE' },
    ];
    const { setSecretAccess: set } = await bob.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants } });
    const { viewerCan, grants: seen, accessRevision } = set.secretKey;
    expect({ viewerCan, seen, accessRevision }).to.deep.equal({
      viewerCan: ['USE', 'USE_RAW'],
      seen: null,
      accessRevision: null,
    });
  });

  it('lets an administrator without a grant set access, and use the key only once a grant says so', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const id = await createKey(bob);
    const manage = { granteeId: bob.id, permission: 'MANAGE' };
    const set = async (grants: unknown) => {
      const { setSecretAccess: changed } = await alice.data(setSecretAccess, {
        input: { id, level: 'RESTRICTED', grants },
      });
      return changed.secretKey.viewerCan;
    };
    const withoutUse = everything.filter((action) => !action.startsWith('USE'));
    expect(await set([manage])).to.deep.equal(withoutUse);
    expect(await set([manage, { granteeId: alice.id, permission: 'USE' }])).to.deep.equal(everything);
    expect(await set([manage])).to.deep.equal(withoutUse);
    expect((await recordedEvents(team)).map(({ actor, rule }) => [actor, rule])).to.deep.equal([
      ['Bob', 'secret-key/create'],
      ...Array(3).fill(['Alice', 'secret-key/admin-manage']),
    ]);
  });
});
