import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { verifyChain } from '../../../src/audit/verify-chain.js';
import { newTeam } from '../../support/api.js';
import {
  auditEvents,
  deleteSecretKey,
  renameSecretKey,
  restoreSecretKey,
  setSecretAccess,
  setSecretUse,
  updateSecretValue,
} from '../../support/operations.js';
import { walk } from '../../support/pages.js';
import { createKey, fakeValue } from '../../support/secret-keys.js';

describe('auditEvents', () => {
  it('has one record for each change, the latest first, and none for what was refused or only looked at', async () => {
    const { alice, bob, carol, dave } = await newTeam();
    const id = await createKey(bob, { name: 'Payments' });
    await bob.data(renameSecretKey, { input: { id, name: 'Invoices' } });
    await bob.data(updateSecretValue, { input: { id, value: fakeValue() } });
    await bob.data(setSecretAccess, { input: { id, level: 'TEAM' } });
    await bob.data(setSecretUse, { input: { id, allowedHosts: ['api.example.com'] } });
    await carol.refusal(renameSecretKey, { input: { id, name: 'Mine' } });
    await bob.refusal(renameSecretKey, { input: { id, name: '' } });
    await bob.refusal(updateSecretValue, { input: { id, value: fakeValue(), expectedVersion: 1 } });
    await alice.data(deleteSecretKey, { input: { id } });
    await alice.data(restoreSecretKey, { input: { id } });
    const expected = [
      [8, 'secretKey.restored', 'Alice', 'Invoices'],
      [7, 'secretKey.deleted', 'Alice', 'Invoices'],
      [6, 'secretKey.useChanged', 'Bob', 'Invoices'],
      [5, 'secretKey.accessChanged', 'Bob', 'Invoices'],
      [4, 'secretKey.valueReplaced', 'Bob', 'Invoices'],
      [3, 'secretKey.renamed', 'Bob', 'Invoices'],
      [2, 'secretKey.created', 'Bob', 'Payments'],
      [1, 'organization.created', null, 'Team'],
    ].map(([sequence, type, actorName, subjectName]) => ({ sequence, type, actorName, subjectName }));
    for (const client of [alice, dave]) {
      const { auditEvents: page } = await client.data(auditEvents);
      expect([page.nodes, page.totalCount, page.totalCountIsCapped]).to.deep.equal([expected, 8, false]);
    }
  });

  it('shows a record whole, with the rule that allowed it and the hash that the next one contains', async () => {
    const { alice, api, bob, organizationId } = await newTeam();
    const id = await createKey(bob, { name: 'Payments' });
    const requestId = `test-${id}`;
    const started = Date.now();
    await bob.ask(renameSecretKey, { input: { id, name: 'Invoices' } }, { 'x-request-id': requestId });
    const { auditEvents: page } = await alice.data(`{
      auditEvents(first: 1) {
        edges { node { id } }
        nodes {
          id sequence occurredAt type actorId actorName subjectType subjectId subjectName details requestId hash
          decision { ruleId policyVersion }
        }
      }
    }`);
    const [row] = await api.services.database.query(
      'SELECT body FROM audit_event WHERE organization_id = ? AND sequence = 3',
      [organizationId],
    );
    const [record] = page.nodes;
    expect(Date.parse(record.occurredAt)).to.be.within(started, Date.now());
    expect(page).to.deep.equal({
      edges: [{ node: { id: record.id } }],
      nodes: [
        {
          id: record.id,
          sequence: 3,
          occurredAt: record.occurredAt,
          type: 'secretKey.renamed',
          actorId: bob.id,
          actorName: 'Bob',
          subjectType: 'SecretKey',
          subjectId: id,
          subjectName: 'Invoices',
          details: { from: 'Payments', to: 'Invoices', descriptionChanged: false },
          requestId,
          hash: createHash('sha256').update(String(row?.body)).digest('hex'),
          decision: { ruleId: 'secret-key/manage-by-grant', policyVersion: api.services.policies.version },
        },
      ],
    });
    await createKey(bob);
    expect(await verifyChain(api.services.database, organizationId)).to.deep.include({ isIntact: true, records: 4 });
    const [next] = await api.services.database.query(
      'SELECT body FROM audit_event WHERE organization_id = ? AND sequence = 4',
      [organizationId],
    );
    expect(JSON.parse(String(next?.body)).previousHash).to.equal(record.hash);
  });

  it('narrows by type, actor, subject and time, all of which must hold', async () => {
    const { alice, api, bob, carol, organizationId } = await newTeam();
    const first = await createKey(bob);
    const second = await createKey(carol);
    await alice.data(renameSecretKey, { input: { id: first, name: 'First' } });
    await bob.data(renameSecretKey, { input: { id: first, name: 'Again' } });
    await carol.data(updateSecretValue, { input: { id: second, value: fakeValue() } });
    const [row] = await api.services.database.query(
      'SELECT occurred_at FROM audit_event WHERE organization_id = ? AND sequence = 4',
      [organizationId],
    );
    const fourth = Number(row?.occurred_at);
    await api.services.database.transaction((tx) =>
      tx.query('UPDATE audit_event SET occurred_at = ? + (sequence - 4) * 1000 WHERE organization_id = ?', [
        fourth,
        organizationId,
      ]),
    );
    const instant = new Date(fourth).toISOString();
    const cases: readonly (readonly [filter: Record<string, unknown> | null, sequences: readonly number[]])[] = [
      [null, [6, 5, 4, 3, 2, 1]],
      [{}, [6, 5, 4, 3, 2, 1]],
      [{ types: ['secretKey.renamed'] }, [5, 4]],
      [{ types: ['secretKey.renamed', 'secretKey.created'] }, [5, 4, 3, 2]],
      [{ types: ['no.such.type'] }, []],
      [{ actorId: bob.id }, [5, 2]],
      [{ subjectId: second }, [6, 3]],
      [{ since: instant }, [6, 5, 4]],
      [{ until: instant }, [3, 2, 1]],
      [{ since: instant, until: instant }, []],
      [{ subjectId: first, actorId: bob.id, types: ['secretKey.renamed'], since: instant }, [5]],
    ];
    for (const [filter, sequences] of cases) {
      const { auditEvents: page } = await alice.data(auditEvents, { filter });
      expect(page.nodes.map(({ sequence }: { sequence: number }) => sequence)).to.deep.equal(sequences);
      expect(page.totalCount).to.equal(sequences.length);
    }
  });

  it('pages forward and backward through every record once', async () => {
    const { alice, bob } = await newTeam();
    const id = await createKey(bob);
    for (let index = 0; index < 9; index += 1) {
      await bob.data(renameSecretKey, { input: { id, name: `Name ${index}` } });
    }
    const all = Array.from({ length: 11 }, (_, index) => 11 - index);
    for (const direction of ['forward', 'backward'] as const) {
      const nodes = await walk<{ sequence: number }>(alice, auditEvents, direction, 4);
      expect(nodes.map(({ sequence }) => sequence)).to.deep.equal(all);
    }
  });

  it('shows nothing of another organization', async () => {
    const { bob, stranger } = await newTeam();
    const id = await createKey(bob);
    const { auditEvents: page } = await stranger.data(auditEvents, { filter: { subjectId: id } });
    expect([page.nodes, page.totalCount]).to.deep.equal([[], 0]);
    expect((await stranger.data(auditEvents)).auditEvents.totalCount).to.equal(1);
  });
});
