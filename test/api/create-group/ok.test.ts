import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince } from '../../support/membership.js';
import { createGroup, deleteGroup, groupById } from '../../support/membership-operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('createGroup', () => {
  it('creates a group without members, which a key can be shared with at once', async () => {
    const { alice, bob } = await newTeam();
    const started = Date.now();
    const input = { name: ' Design ', description: 'Draws.\nPaints.' };
    const { createGroup: created } = await alice.data(createGroup, { input });
    const createdAt = instantSince(started, created.group.createdAt);
    expect(created).to.deep.equal({
      group: {
        id: created.group.id,
        name: 'Design',
        description: 'Draws.\nPaints.',
        memberCount: 0,
        members: { nodes: [], totalCount: 0 },
        createdAt,
        updatedAt: createdAt,
      },
    });
    expect(await alice.data(groupById, { id: created.group.id })).to.deep.equal(created);
    await createKey(bob, { grants: [{ granteeId: created.group.id, permission: 'USE' }] });
  });

  it('takes the longest name, no description, and a name that was freed or that others than groups have', async () => {
    const { alice, deployBot, stranger } = await newTeam();
    const create = async (input: object) => (await alice.data(createGroup, { input })).createGroup.group;
    const longest = '\u{1f511}'.repeat(120);
    expect((await create({ name: longest })).name).to.equal(longest);
    for (const description of [null, '', ' ']) {
      const { id, ...group } = await create({ name: 'Design', description });
      expect(group.description).to.equal(null);
      await alice.data(deleteGroup, { input: { id } });
    }
    expect((await create({ name: 'Alice' })).name).to.equal('Alice');
    expect((await create({ name: deployBot.name })).name).to.equal(deployBot.name);
    await stranger.data(createGroup, { input: { name: 'Growth' } });
  });
});
