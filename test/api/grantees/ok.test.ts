import { expect } from 'chai';
import { newTeam, type Team } from '../../support/api.js';
import { grantees } from '../../support/operations.js';
import { walk } from '../../support/pages.js';
import { addGroups, addServiceAccounts, alterGrantee } from '../../support/people.js';

const everyone = ['Alice', 'Bob', 'Carol', 'Dave', 'deploy-bot', 'Growth', 'Platform'];

async function namesOf(client: Team['bob'], variables: Record<string, unknown> = {}): Promise<string[]> {
  const { grantees: page } = await client.data(grantees, variables);
  return page.nodes.map(({ name }: { name: string }) => name);
}

describe('grantees', () => {
  it('lists the people, groups and service accounts of the organization by name, the same for all', async () => {
    const { alice, bob, carol, dave, deployBot, growth, platform } = await newTeam();
    const person = ({ id, name }: typeof bob) => ({
      id,
      kind: 'PERSON',
      name,
      email: `${name.toLowerCase()}@team.example`,
      state: 'ACTIVE',
    });
    const other = (id: string, kind: string, name: string) => ({ id, kind, name, email: null, state: 'ACTIVE' });
    for (const client of [alice, bob, dave, deployBot]) {
      const { grantees: page } = await client.data(grantees);
      expect(page.nodes).to.deep.equal([
        person(alice),
        person(bob),
        person(carol),
        person(dave),
        other(deployBot.id, 'SERVICE_ACCOUNT', 'deploy-bot'),
        other(growth, 'GROUP', 'Growth'),
        other(platform, 'GROUP', 'Platform'),
      ]);
      expect([page.totalCount, page.totalCountIsCapped]).to.deep.equal([7, false]);
    }
  });

  it('narrows by kind', async () => {
    const { bob } = await newTeam();
    expect(await namesOf(bob, { kinds: ['GROUP'] })).to.deep.equal(['Growth', 'Platform']);
    expect(await namesOf(bob, { kinds: ['SERVICE_ACCOUNT', 'PERSON'] })).to.deep.equal(everyone.slice(0, 5));
    for (const kinds of [null, []]) expect(await namesOf(bob, { kinds })).to.deep.equal(everyone);
  });

  it('finds part of a name or an address in any case, with no character of special meaning', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    await alterGrantee(team, carol.id, { email: 'Caroline_O@Other.Example' });
    const found: Readonly<Record<string, readonly string[]>> = {
      'OB@TEAM.': ['Bob'],
      ROW: ['Growth'],
      'oline_o@other': ['Carol'],
      OTHER: ['Carol'],
      _: ['Carol'],
      '%': [],
      '!': [],
      '\\': [],
      ' bob ': ['Bob'],
      '': everyone,
      nobody: [],
    };
    for (const [search, names] of Object.entries(found)) {
      expect([search, await namesOf(bob, { search })]).to.deep.equal([search, names]);
    }
    expect(await namesOf(bob, { search: 'r', kinds: ['PERSON'] })).to.deep.equal(['Carol']);
  });

  it('leaves out who is deactivated or deleted', async () => {
    const team = await newTeam();
    const { alice, bob, carol, growth } = team;
    await alterGrantee(team, carol.id, { state: 'DEACTIVATED' });
    await alterGrantee(team, growth, { state: 'DELETED' });
    for (const client of [alice, bob]) {
      expect(await namesOf(client)).to.deep.equal(['Alice', 'Bob', 'Dave', 'deploy-bot', 'Platform']);
    }
  });

  it('pages forward and backward, and gives each once also when names are equal', async () => {
    const team = await newTeam();
    for (let round = 0; round < 3; round += 1) await addServiceAccounts(team, 4);
    await addGroups(team, 4, []);
    const all = (await team.bob.data(grantees, { first: 100 })).grantees;
    expect(all.nodes).to.have.lengthOf(23);
    expect(all.totalCount).to.equal(23);
    expect(await walk(team.bob, grantees, 'forward', 5)).to.deep.equal(all.nodes);
    expect(await walk(team.bob, grantees, 'backward', 5)).to.deep.equal(all.nodes);
  });

  it('gives 20 when no size is said', async () => {
    const team = await newTeam();
    await addServiceAccounts(team, 20);
    const { grantees: page } = await team.bob.data('{ grantees { nodes { id } totalCount } }');
    expect([page.nodes.length, page.totalCount]).to.deep.equal([20, 27]);
  });
});
