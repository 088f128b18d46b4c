import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { purgeSecretKeys } from '../../../src/modules/secret-key/purge-secret-keys.js';
import { clock, newTeam, startTestApi, type TestApi } from '../../support/api.js';
import { auditEvents, deletedSecretKeys, restoreSecretKey } from '../../support/operations.js';
import { itTellsUnseenKeysFromNothing, refusalAnswer } from '../../support/refusals.js';
import { createKey, deleteKey } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, storedRows, unchanged } from '../../support/stored.js';

const day = 24 * 60 * 60 * 1000;

describe('restoreSecretKey of a key that the caller does not see', () => {
  itTellsUnseenKeysFromNothing(
    restoreSecretKey,
    (id) => ({ input: { id, name: '' } }),
    'DELETED',
    refusalAnswer('restoreSecretKey', 'NOT_FOUND', 'Not found.'),
  );
});

describe('a deleted key whose retention time is over', () => {
  let api: TestApi;
  const purge = () => purgeSecretKeys(api.services.database, api.services.retentionDays, clock.now());

  before(async () => {
    api = await startTestApi({ retentionDays: 7 });
  });
  after(() => api.close());
  afterEach(() => {
    clock.ahead = 0;
  });

  it('is restored until a moment before, and from then on answers like a key that never was', async () => {
    const team = await newTeam(api);
    const { alice, bob } = team;
    const [first, second] = [await createKey(bob), await createKey(bob)];
    await deleteKey(bob, first);
    await deleteKey(bob, second);
    clock.ahead = 7 * day - 60_000;
    expect((await bob.data(deletedSecretKeys)).deletedSecretKeys.totalCount).to.equal(2);
    await bob.data(restoreSecretKey, { input: { id: first } });
    clock.ahead = 7 * day;
    for (const client of [alice, bob]) {
      const [late, absent] = await unchanged(team, () =>
        Promise.all([second, newId()].map((id) => client.ask(restoreSecretKey, { input: { id } }))),
      );
      expect([late?.status, late?.text]).to.deep.equal([absent?.status, absent?.text]);
      expect(late?.errors?.map(({ extensions }) => extensions)).to.deep.equal([{ code: 'NOT_FOUND' }]);
      expect((await client.data(deletedSecretKeys)).deletedSecretKeys.totalCount).to.equal(0);
    }
  });

  it('is erased with its value and its grants, while its history and all other keys stay', async () => {
    const team = await newTeam(api);
    const { alice, bob, carol } = team;
    const due = await createKey(bob, { name: 'Due', grants: [{ granteeId: carol.id, permission: 'USE' }] });
    const restored = await createKey(bob);
    const active = await createKey(bob);
    const recent = await createKey(bob);
    const deletedAt = Date.now();
    await deleteKey(bob, due);
    await deleteKey(bob, restored);
    clock.ahead = 6 * day;
    expect(await unchanged(team, purge)).to.equal(0);
    await bob.data(restoreSecretKey, { input: { id: restored } });
    await deleteKey(bob, recent);
    clock.ahead = 7 * day + 60_000;
    expect(await purge()).to.be.at.least(1);
    expect(await unchanged(team, purge)).to.equal(0);

    const { secret_key: keys = [], secret_grant: grants = [], sealed_value: values = [] } = await storedRows(team);
    const left = [restored, active, recent].sort();
    expect(keys.map(({ id }) => id)).to.deep.equal(left);
    expect(grants.map(({ secret_key_id }) => secret_key_id)).to.deep.equal(left);
    expect(values.map(({ secret_key_id }) => secret_key_id)).to.deep.equal(left);
    for (const id of left) expect((await openStoredValue(team, id)).length).to.be.greaterThan(0);
    const history = (await recordedEvents(team)).filter(({ subject }) => subject.id === due);
    expect(history.map(({ type, actor, rule }) => [type, actor, rule])).to.deep.equal([
      ['secretKey.created', 'Bob', 'secret-key/create'],
      ['secretKey.deleted', 'Bob', 'secret-key/manage-by-grant'],
      ['secretKey.purged', null, null],
    ]);
    expect(history[2]?.details.deletedAt).to.be.within(deletedAt, deletedAt + 60_000);
    const { auditEvents: shown } = await alice.data(auditEvents, { filter: { subjectId: due } });
    expect(
      shown.nodes.map(({ type, actorName, subjectName }: Record<string, unknown>) => [type, actorName, subjectName]),
    ).to.deep.equal([
      ['secretKey.purged', null, 'Due'],
      ['secretKey.deleted', 'Bob', 'Due'],
      ['secretKey.created', 'Bob', 'Due'],
    ]);
    expect(await bob.refusal(restoreSecretKey, { input: { id: due } })).to.deep.equal({ code: 'NOT_FOUND' });
  });
});
