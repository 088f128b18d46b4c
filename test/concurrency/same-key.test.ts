import { expect } from 'chai';
import { type Answer, newTeam, type Team } from '../support/api.js';
import {
  createSecretKey,
  deleteSecretKey,
  previewSetSecretAccess,
  renameSecretKey,
  restoreSecretKey,
  setSecretAccess,
  setSecretUse,
  updateSecretValue,
} from '../support/operations.js';
import { createKey, deleteKey, fakeValue, uniqueName } from '../support/secret-keys.js';
import { openStoredValue, signedAccess } from '../support/stored.js';
import { auditBodies, expectSound, historyOf, outcomes, outcomesSorted } from './invariants.js';

const repeat = <Result>(times: number, one: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => one(index)));

const countOf = (all: readonly string[], one: string): number => all.filter((other) => other === one).length;

describe('changes of one key at the same time', () => {
  let team: Team;
  let id: string;
  beforeEach(async () => {
    team = await newTeam();
    id = await createKey(team.bob);
  });
  afterEach(() => expectSound(team));

  const accessWith = (granteeId: string, more: object = {}) => ({
    input: {
      id,
      level: 'RESTRICTED',
      grants: [
        { granteeId: team.bob.id, permission: 'MANAGE' },
        { granteeId, permission: 'USE' },
      ],
      ...more,
    },
  });
  const someGrantees = () => [team.carol.id, team.growth, team.platform, team.dave.id, team.deployBot.id];

  for (const times of [2, 20]) {
    it(`${times} of access, without the revision that they follow from, come one after the other and none is lost`, async () => {
      const answers = await repeat(times, (index) =>
        team.bob.ask(setSecretAccess, accessWith(someGrantees()[index % 5] ?? '')),
      );
      expect(outcomesSorted(answers)).to.deep.equal(Array(times).fill('OK'));
      const history = await historyOf(team, id, 'secretKey.accessChanged');
      for (const [index, { details }] of history.entries()) {
        if (index > 0) expect(details.from).to.deep.equal(history[index - 1]?.details.to);
      }
      const last = history.at(-1)?.details.to as { readonly level: string; readonly grants: readonly unknown[] };
      const { grants, ...terms } = await signedAccess(team, id);
      expect(terms).to.deep.include({ accessRevision: 1 + times, accessLevel: last.level });
      expect(grants).to.have.deep.members([...last.grants]);
    });

    it(`${times} of access, from the same revision: one is made and the others are refused`, async () => {
      const answers = await repeat(times, (index) =>
        team.bob.ask(setSecretAccess, accessWith(someGrantees()[index % 5] ?? '', { expectedAccessRevision: 1 })),
      );
      expect(outcomesSorted(answers)).to.deep.equal([...Array(times - 1).fill('CONFLICT'), 'OK']);
      const made = outcomes(answers).indexOf('OK');
      expect(await signedAccess(team, id)).to.deep.include({ accessRevision: 2 });
      expect((await signedAccess(team, id)).grants).to.have.deep.members(
        accessWith(someGrantees()[made % 5] ?? '').input.grants,
      );
    });
  }

  it('20 of its value: each gets a version of its own, and the last one is what is kept', async () => {
    const values = Array.from({ length: 20 }, fakeValue);
    const answers = await repeat(20, (index) =>
      team.bob.ask(updateSecretValue, { input: { id, value: values[index] } }),
    );
    const versions = answers.map(({ data }) => data.updateSecretValue.secretKey.valueVersion as number);
    expect(versions.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 20 }, (_, index) => index + 2));
    expect((await openStoredValue(team, id)).toString()).to.equal(values[versions.indexOf(21)]);
  });

  it('20 of its value from the same version: one is made and the others are refused', async () => {
    const values = Array.from({ length: 20 }, fakeValue);
    const answers = await repeat(20, (index) =>
      team.bob.ask(updateSecretValue, { input: { id, value: values[index], expectedVersion: 1 } }),
    );
    expect(outcomesSorted(answers)).to.deep.equal([...Array(19).fill('CONFLICT'), 'OK']);
    expect((await openStoredValue(team, id)).toString()).to.equal(values[outcomes(answers).indexOf('OK')]);
  });

  it('a deletion and others: what comes after the deletion finds no key', async () => {
    const [deleted, ...others] = await Promise.all([
      team.bob.ask(deleteSecretKey, { input: { id } }),
      team.bob.ask(updateSecretValue, { input: { id, value: fakeValue() } }),
      team.bob.ask(renameSecretKey, { input: { id, name: uniqueName() } }),
      team.bob.ask(setSecretAccess, accessWith(team.growth)),
      team.bob.ask(setSecretUse, { input: { id, allowedHosts: ['api.example.com'] } }),
    ]);
    expect(outcomes([deleted])).to.deep.equal(['OK']);
    const made = countOf(outcomes(others), 'OK');
    expect(countOf(outcomes(others), 'NOT_FOUND')).to.equal(4 - made);
    const types = (await auditBodies(team)).filter(({ subject }) => subject.id === id).map(({ type }) => type);
    expect(types.indexOf('secretKey.deleted')).to.equal(made + 1);
    expect(types.length).to.equal(made + 2);
  });

  it('several deletions: one is made', async () => {
    const answers = await repeat(5, () => team.bob.ask(deleteSecretKey, { input: { id } }));
    expect(outcomesSorted(answers)).to.deep.equal([...Array(4).fill('NOT_FOUND'), 'OK']);
  });

  it('several restorations: one is made', async () => {
    await deleteKey(team.bob, id);
    const answers = await repeat(5, () => team.bob.ask(restoreSecretKey, { input: { id } }));
    expect(outcomesSorted(answers)).to.deep.equal([...Array(4).fill('NOT_FOUND'), 'OK']);
  });

  it('more previews than the database has connections, beside changes: all are answered', async () => {
    const answers = await Promise.all([
      repeat(40, () => team.bob.ask(previewSetSecretAccess, accessWith(team.platform))),
      repeat(10, () => team.bob.ask(setSecretAccess, accessWith(team.growth))),
    ]);
    expect(outcomesSorted(answers.flat())).to.deep.equal(Array(50).fill('OK'));
  });
});

describe('the same name at the same time', () => {
  let team: Team;
  beforeEach(async () => {
    team = await newTeam();
  });
  afterEach(() => expectSound(team));

  const activeNames = async (): Promise<unknown[]> =>
    (
      await team.api.services.database.query(
        'SELECT name_key FROM secret_key WHERE organization_id = ? AND name_key IS NOT NULL ORDER BY name_key',
        [team.organizationId],
      )
    ).map(({ name_key }) => name_key);

  it('is given to one of ten new keys, whatever the case that it is written in', async () => {
    const names = ['Taken', 'TAKEN', 'taken', ' Taken ', 'tAKEN'];
    const answers = await repeat(10, (index) =>
      team.bob.ask(createSecretKey, { input: { name: names[index % 5], value: fakeValue() } }),
    );
    expect(outcomesSorted(answers)).to.deep.equal([...Array(9).fill('CONFLICT'), 'OK']);
    expect(await activeNames()).to.deep.equal(['taken']);
  });

  it('is given to one of several keys that are renamed to it', async () => {
    const ids = await repeat(5, () => createKey(team.bob));
    const answers = await Promise.all(
      ids.map((id) => team.bob.ask(renameSecretKey, { input: { id, name: 'Wanted' } })),
    );
    expect(outcomesSorted(answers)).to.deep.equal([...Array(4).fill('CONFLICT'), 'OK']);
    expect((await activeNames()).filter((name) => name === 'wanted')).to.deep.equal(['wanted']);
  });

  it('changes hands when two keys swap names: nobody waits forever, and both have a name of their own', async () => {
    const first = await createKey(team.bob, { name: 'First' });
    const second = await createKey(team.bob, { name: 'Second' });
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all([
        team.bob.ask(renameSecretKey, { input: { id: first, name: 'Second' } }),
        team.bob.ask(renameSecretKey, { input: { id: second, name: 'First' } }),
        team.bob.ask(renameSecretKey, { input: { id: second, name: 'Third' } }),
      ]);
      expect(outcomes(answers).filter((outcome) => outcome !== 'OK' && outcome !== 'CONFLICT')).to.deep.equal([]);
      expect(new Set(await activeNames()).size).to.equal(2);
    }
  });

  it('goes to a new key or back to the one that is restored', async () => {
    const id = await createKey(team.bob, { name: 'Once' });
    await deleteKey(team.bob, id);
    const answers = await Promise.all([
      team.bob.ask(restoreSecretKey, { input: { id } }),
      team.bob.ask(createSecretKey, { input: { name: 'once', value: fakeValue() } }),
    ]);
    expect(outcomesSorted(answers)).to.deep.equal(['CONFLICT', 'OK']);
    expect(await activeNames()).to.deep.equal(['once']);
  });
});

describe('one idempotency key, ten times at the same time', () => {
  let team: Team;
  beforeEach(async () => {
    team = await newTeam();
  });
  afterEach(() => expectSound(team));

  const sameBody = ({ text }: Answer): string => text;

  it('makes one key, and gives the same answer to all', async () => {
    const input = { name: uniqueName(), value: fakeValue(), clientMutationId: 'repeated-1' };
    const answers = await repeat(10, () => team.bob.ask(createSecretKey, { input }));
    expect(outcomes(answers)).to.deep.equal(Array(10).fill('OK'));
    expect(new Set(answers.map(sameBody)).size).to.equal(1);
    const created = (await auditBodies(team)).filter(({ type }) => type === 'secretKey.created');
    expect(created.map(({ subject }) => subject.name)).to.deep.equal([input.name]);
  });

  it('replaces a value once', async () => {
    const id = await createKey(team.bob);
    const input = { id, value: fakeValue() };
    const answers = await repeat(10, () =>
      team.bob.ask(updateSecretValue, { input }, { 'idempotency-key': 'repeated-2' }),
    );
    expect(outcomes(answers)).to.deep.equal(Array(10).fill('OK'));
    expect(new Set(answers.map(sameBody)).size).to.equal(1);
    expect(await historyOf(team, id, 'secretKey.valueReplaced')).to.have.length(1);
  });

  it('makes one change, and refuses those that ask for another', async () => {
    const answers = await repeat(10, (index) =>
      team.bob.ask(createSecretKey, {
        input: { name: uniqueName(`Key ${index}`), value: fakeValue(), clientMutationId: 'repeated-3' },
      }),
    );
    expect(outcomesSorted(answers)).to.deep.equal([...Array(9).fill('CONFLICT'), 'OK']);
    expect((await auditBodies(team)).filter(({ type }) => type === 'secretKey.created')).to.have.length(1);
  });

  it('of a request that fails is free again, and each of them fails alike', async () => {
    await createKey(team.bob, { name: 'Taken' });
    const input = { name: 'Taken', value: fakeValue(), clientMutationId: 'repeated-4' };
    const answers = await repeat(10, () => team.bob.ask(createSecretKey, { input }));
    expect(outcomes(answers)).to.deep.equal(Array(10).fill('CONFLICT'));
    const free = await team.bob.ask(createSecretKey, { input: { ...input, name: uniqueName() } });
    expect(outcomes([free])).to.deep.equal(['OK']);
  });
});
