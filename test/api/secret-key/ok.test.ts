import { expect } from 'chai';
import { type Client, newTeam } from '../../support/api.js';
import { createSecretKey, renameSecretKey, secretKey, setSecretAccess } from '../../support/operations.js';
import { createKey, fakeValue } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

const history = `query ($id: ID!, $first: Int, $after: String) {
  secretKey(id: $id) {
    auditEvents(first: $first, after: $after) {
      nodes { type actorName subjectId details decision { ruleId } }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
}`;

describe('secretKey', () => {
  it('shows each caller what the policy lets them see of the same key', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot, growth } = team;
    const { createSecretKey: created } = await carol.data(createSecretKey, {
      input: {
        name: 'Payments',
        description: 'For the shop',
        value: fakeValue(),
        allowedHosts: ['api.example.com'],
        placements: ['QUERY'],
        uses: ['JWT'],
        expiresAt: '2099-01-31T09:30:00.000Z',
        access: {
          level: 'RESTRICTED',
          grants: [
            { granteeId: growth, permission: 'USE' },
            { granteeId: deployBot.id, permission: 'MANAGE' },
          ],
        },
      },
    });
    const { id, createdAt } = created.secretKey;
    const shared = {
      id,
      name: 'Payments',
      description: 'For the shop',
      accessLevel: 'RESTRICTED',
      allowedHosts: ['api.example.com'],
      allowsAnyHost: false,
      placements: ['QUERY'],
      uses: ['JWT'],
      valueVersion: 1,
      valueUpdatedAt: createdAt,
      expiresAt: '2099-01-31T09:30:00.000Z',
      lastUsedAt: null,
      createdBy: { id: carol.id, kind: 'PERSON', name: 'Carol' },
      createdAt,
      updatedAt: createdAt,
      deletedAt: null,
    };
    const forManagers = {
      accessRevision: 1,
      grants: [
        { grantee: { id: carol.id, kind: 'PERSON', name: 'Carol' }, permission: 'MANAGE' },
        { grantee: { id: growth, kind: 'GROUP', name: 'Growth' }, permission: 'USE' },
        { grantee: { id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' }, permission: 'MANAGE' },
      ],
    };
    const withoutUse = ['RENAME', 'UPDATE_VALUE', 'SET_ACCESS', 'SET_USE', 'ALLOW_RAW', 'DELETE'];
    const views: readonly (readonly [Client, object])[] = [
      [carol, { ...forManagers, viewerCan: ['USE', 'USE_RAW', ...withoutUse] }],
      [deployBot, { ...forManagers, viewerCan: ['USE', 'USE_RAW', ...withoutUse] }],
      [bob, { accessRevision: null, grants: null, viewerCan: ['USE', 'USE_RAW'] }],
      [alice, { ...forManagers, viewerCan: withoutUse }],
      [dave, { ...forManagers, viewerCan: [] }],
    ];
    for (const [client, own] of views) {
      expect(await unchanged(team, () => client.data(secretKey, { id }))).to.deep.equal({
        secretKey: { ...shared, ...own },
      });
    }
  });

  it('shows the history of the key to those who manage or check it, and of no other key', async () => {
    const { alice, bob, carol, dave, growth } = await newTeam();
    const id = await createKey(carol, { name: 'Payments', grants: [{ granteeId: growth, permission: 'USE' }] });
    await createKey(carol);
    await alice.data(renameSecretKey, { input: { id, name: 'Invoices' } });
    const expected = [
      {
        type: 'secretKey.renamed',
        actorName: 'Alice',
        subjectId: id,
        details: { from: 'Payments', to: 'Invoices', descriptionChanged: false },
        decision: { ruleId: 'secret-key/admin-manage' },
      },
      {
        type: 'secretKey.created',
        actorName: 'Carol',
        subjectId: id,
        details: {
          accessLevel: 'RESTRICTED',
          grants: [
            { granteeId: carol.id, permission: 'MANAGE' },
            { granteeId: growth, permission: 'USE' },
          ],
          allowedHosts: [],
          allowsAnyHost: false,
          placements: ['HEADER'],
          uses: ['SEND_API_REQUEST', 'RUN_CODE'],
          expiresAt: null,
        },
        decision: { ruleId: 'secret-key/create' },
      },
    ];
    for (const client of [carol, alice, dave]) {
      const { auditEvents } = (await client.data(history, { id })).secretKey;
      expect([auditEvents.nodes, auditEvents.totalCount]).to.deep.equal([expected, 2]);
    }
    expect(await bob.data(history, { id })).to.deep.equal({ secretKey: { auditEvents: null } });
  });

  it('shows a new manager all of the history, in pages, and a former one nothing', async () => {
    const { bob, carol, growth } = await newTeam();
    const id = await createKey(carol);
    for (const name of ['One', 'Two']) await carol.data(renameSecretKey, { input: { id, name } });
    const grants = [
      { granteeId: growth, permission: 'MANAGE' },
      { granteeId: carol.id, permission: 'USE' },
    ];
    await carol.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants } });
    const types: string[] = [];
    for (let after: string | null = null, hasNextPage = true; hasNextPage; ) {
      const { secretKey: key } = await bob.data(history, { id, first: 3, after });
      types.push(...key.auditEvents.nodes.map(({ type }: { type: string }) => type));
      expect(key.auditEvents.totalCount).to.equal(4);
      ({ hasNextPage, endCursor: after } = key.auditEvents.pageInfo);
    }
    expect(types).to.deep.equal([
      'secretKey.accessChanged',
      'secretKey.renamed',
      'secretKey.renamed',
      'secretKey.created',
    ]);
    expect(await carol.data(history, { id })).to.deep.equal({ secretKey: { auditEvents: null } });
  });
});
