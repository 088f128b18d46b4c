import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { assignRole, instantSince, makeCustomRole, unchangedMembership } from '../../support/membership.js';
import { customRoleById, updateCustomRole } from '../../support/membership-operations.js';
import { recordedEvents } from '../../support/stored.js';

const viewer = '{ viewer { permissionSets operations } }';

describe('updateCustomRole', () => {
  it('changes name, description and sets, each alone, and records what was and what is', async () => {
    const team = await newTeam();
    const { alice } = team;
    const id = await makeCustomRole(alice, ['audit-reader'], 'Review');
    let { customRole: expected } = await alice.data(customRoleById, { id });
    let from: object = { name: 'Review', description: null, permissionSets: ['audit-reader'] };
    const events = [];
    const changes: readonly (readonly [change: object, result: object])[] = [
      [{ description: 'Reviews.' }, { description: 'Reviews.' }],
      [{ name: ' REVIEW ' }, { name: 'REVIEW' }],
      [{ name: null, description: null, permissionSets: null }, { description: null }],
      [{ permissionSets: ['key-inventory', 'audit-reader'] }, { permissionSets: ['audit-reader', 'key-inventory'] }],
      [
        { name: 'Keys', description: 'Counts.', permissionSets: ['key-inventory'] },
        { name: 'Keys', description: 'Counts.', permissionSets: ['key-inventory'] },
      ],
    ];
    for (const [change, result] of changes) {
      const started = Date.now();
      const { updateCustomRole: updated } = await alice.data(updateCustomRole, { input: { id, ...change } });
      expected = { ...expected, ...result, updatedAt: instantSince(started, updated.customRole.updatedAt) };
      expect(updated).to.deep.equal({ customRole: expected });
      expect(await alice.data(customRoleById, { id })).to.deep.equal(updated);
      const to = { ...from, ...result };
      const subject = { type: 'CustomRole', id, name: expected.name };
      const rule = 'custom-role/administer';
      events.push({ type: 'customRole.updated', actor: 'Alice', subject, details: { from, to }, rule });
      from = to;
    }
    expect((await recordedEvents(team, /^customRole\./)).slice(1)).to.deep.equal(events);
  });

  it('writes nothing when everything is the same already', async () => {
    const team = await newTeam();
    const { alice } = team;
    const id = await makeCustomRole(alice, ['audit-reader', 'key-rotation'], 'Review');
    const { customRole } = await alice.data(customRoleById, { id });
    for (const change of [
      {},
      { name: 'Review ', description: null },
      { permissionSets: ['key-rotation', 'audit-reader', 'key-rotation'] },
    ]) {
      const input = { id, ...change };
      expect(await unchangedMembership(team, () => alice.data(updateCustomRole, { input }))).to.deep.equal({
        updateCustomRole: { customRole },
      });
    }
  });

  it('changes what everyone who has the role may do, on their next request', async () => {
    const { alice, bob, deployBot } = await newTeam();
    const id = await makeCustomRole(alice, ['key-inventory']);
    for (const holder of [bob, deployBot]) await assignRole(alice, id, holder);
    const seen = async (permissionSets: readonly string[]) => {
      await alice.data(updateCustomRole, { input: { id, permissionSets } });
      const views = [];
      for (const holder of [bob, deployBot]) {
        const { viewer: view } = await holder.data(viewer);
        views.push([view.permissionSets, view.operations.includes('auditEvents')]);
      }
      return views;
    };
    const gained = [['audit-reader', 'key-rotation'], true];
    expect(await seen(['audit-reader', 'key-rotation'])).to.deep.equal([gained, gained]);
    const lost = [['key-rotation'], false];
    expect(await seen(['key-rotation'])).to.deep.equal([lost, lost]);
  });

  it('gives the first answer to a repeated request, and none to one who may not see the role any more', async () => {
    const { alice } = await newTeam();
    const id = await makeCustomRole(alice);
    const input = { id, name: 'Review', clientMutationId: 'a-key' };
    const first = await alice.ask(updateCustomRole, { input });
    await alice.data(updateCustomRole, { input: { id, name: 'Other' } });
    expect((await alice.ask(updateCustomRole, { input })).text)
      .to.include('"name":"Review"')
      .and.equal(first.text);
  });
});
