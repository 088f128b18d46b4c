import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince } from '../../support/membership.js';
import { createCustomRole, customRoleById, deleteCustomRole } from '../../support/membership-operations.js';
import { recordedEvents } from '../../support/stored.js';

describe('createCustomRole', () => {
  it('composes a role of permission sets, each once and sorted, which nobody has, and records it', async () => {
    const team = await newTeam();
    const { alice } = team;
    const started = Date.now();
    const input = {
      name: ' Review ',
      description: 'Who has what.\nAnd since when.',
      permissionSets: ['membership-reader', 'audit-reader', 'membership-reader'],
    };
    const { createCustomRole: created } = await alice.data(createCustomRole, { input });
    const { id } = created.customRole;
    const createdAt = instantSince(started, created.customRole.createdAt);
    const permissionSets = ['audit-reader', 'membership-reader'];
    expect(created).to.deep.equal({
      customRole: {
        id,
        name: 'Review',
        description: input.description,
        permissionSets,
        holders: { nodes: [], totalCount: 0 },
        holderCount: 0,
        createdBy: { id: alice.id, kind: 'PERSON', name: 'Alice' },
        createdAt,
        updatedAt: createdAt,
      },
    });
    expect(await alice.data(customRoleById, { id })).to.deep.equal(created);
    expect(await recordedEvents(team, /^customRole\./)).to.deep.equal([
      {
        type: 'customRole.created',
        actor: 'Alice',
        subject: { type: 'CustomRole', id, name: 'Review' },
        details: { description: input.description, permissionSets },
        rule: 'custom-role/administer',
      },
    ]);
  });

  it('takes the longest name, no description, every set at once, and a name that was freed or is another organization’s', async () => {
    const { alice, api, stranger } = await newTeam();
    const permissionSets = api.services.policies.permissionSets.map(({ name }) => name);
    const create = async (input: object) =>
      (await alice.data(createCustomRole, { input: { permissionSets, ...input } })).createCustomRole.customRole;
    const longest = '\u{1f511}'.repeat(120);
    expect(await create({ name: longest })).to.deep.include({ name: longest, permissionSets: permissionSets.sort() });
    for (const description of [undefined, null, '', ' ']) {
      const { id, ...role } = await create({ name: 'Review', description });
      expect(role.description).to.equal(null);
      await alice.data(deleteCustomRole, { input: { id } });
    }
    await create({ name: 'Alice' });
    await stranger.data(createCustomRole, { input: { name: 'Alice', permissionSets } });
  });

  it('creates one role for a repeated request', async () => {
    const team = await newTeam();
    const input = { name: 'Review', permissionSets: ['audit-reader'], clientMutationId: 'a-key' };
    const first = await team.alice.ask(createCustomRole, { input });
    expect(first.errors).to.equal(undefined);
    expect((await team.alice.ask(createCustomRole, { input })).text).to.equal(first.text);
    expect(await recordedEvents(team, /^customRole\./)).to.have.lengthOf(1);
    const other = { ...input, permissionSets: ['key-rotation'] };
    expect(await team.alice.refusal(createCustomRole, { input: other })).to.deep.equal({ code: 'CONFLICT' });
  });
});
