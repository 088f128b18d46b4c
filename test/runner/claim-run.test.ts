import { expect } from 'chai';
import { newId, type OrganizationId, type RunId } from '../../src/ids.js';
import { ActiveRunEntity, RunEntity } from '../../src/modules/run/run.entity.js';
import { type ClaimedRun, RunClaims } from '../../src/runner/claim-run.js';
import { Leases } from '../../src/runner/leases.js';
import { newTeam, startTestApi, type Team, type TestApi } from '../support/api.js';
import { codeStep, queueRun, runOf } from '../support/queued-runs.js';

const unlimited = { runsAtOncePerOrganization: 1_000, runsPerMinutePerOrganization: 0 };
const lease = 30_000;

describe('claims of runs', () => {
  let api: TestApi;

  // Claims look at all organizations, so they have a database of their own.
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());
  afterEach(() => api.services.database.transaction((tx) => tx.query('DELETE FROM active_run')));

  const claims = (runnerId = 'runner-1', limits = unlimited) => new RunClaims(api.services.database, runnerId, limits);
  const queue = (team: Team) => queueRun(api, team.organizationId, team.bob.id, [codeStep(team.bob.id, 'return 1')]);
  /** As the rows of one run, without steps and without a signature: nothing executes them. */
  const queueMany = async (team: Team, count: number): Promise<RunId[]> => {
    const { organizationId } = team;
    const ids = Array.from({ length: count }, () => newId<RunId>());
    const [sample] = await api.services.database.readAll(RunEntity, { organizationId, id: await queue(team) });
    await api.services.database.transaction(async (tx) => {
      await tx.query('DELETE FROM active_run WHERE organization_id = ?', [organizationId]);
      for (let at = 0; at < count; at += 500) {
        const some = ids.slice(at, at + 500);
        await tx.manager.insert(
          RunEntity,
          some.map((id) => ({ ...sample, id })),
        );
        await tx.manager.insert(
          ActiveRunEntity,
          some.map((runId) => ({ organizationId, runId, leaseUntil: 0 })),
        );
      }
    });
    return ids;
  };
  const takeAll = async (from: RunClaims): Promise<ClaimedRun[]> => {
    const taken: ClaimedRun[] = [];
    for (;;) {
      const run = await from.take(Date.now(), Date.now() + lease);
      if (run === null) return taken;
      taken.push(run);
    }
  };
  const organizations = (runs: readonly ClaimedRun[]): OrganizationId[] =>
    runs.map(({ organizationId }) => organizationId);

  it('gives the oldest run of an organization first, each once, with a lease', async () => {
    const team = await newTeam(api);
    const ids = [await queue(team), await queue(team), await queue(team)];
    const taken = await takeAll(claims());
    expect(taken).to.deep.equal(ids.map((id) => ({ organizationId: team.organizationId, id })));
    const rows = await api.services.database.readAll(ActiveRunEntity, { organizationId: team.organizationId });
    expect(rows.map(({ runnerId, leaseUntil }) => ({ runnerId, isLeased: leaseUntil > Date.now() }))).to.deep.equal(
      ids.map(() => ({ runnerId: 'runner-1', isLeased: true })),
    );
    const run = await api.services.database.read(RunEntity, {
      organizationId: team.organizationId,
      id: ids[0] as never,
    });
    expect({ state: run?.state, hasStarted: run?.startedAt !== null }).to.deep.equal({
      state: 'RUNNING',
      hasStarted: true,
    });
  });

  it('lets organizations take turns, however many runs one has', async () => {
    const [busy, quiet] = [await newTeam(api), await newTeam(api)];
    for (let count = 0; count < 6; count += 1) await queue(busy);
    await queue(quiet);
    const [first, second, ...rest] = organizations(await takeAll(claims()));
    expect(new Set([first, second])).to.deep.equal(new Set([busy.organizationId, quiet.organizationId]));
    expect(rest).to.deep.equal(Array(5).fill(busy.organizationId));
  });

  it('gives a run of another organization next although ten thousand of one wait, and theirs in their order', async () => {
    const [busy, quiet] = [await newTeam(api), await newTeam(api)];
    const ids = await queueMany(busy, 10_000);
    const first = await queue(quiet);
    const taken: ClaimedRun[] = [];
    const one = claims();
    for (let count = 0; count < 4; count += 1) {
      const run = await one.take(Date.now(), Date.now() + lease);
      if (run !== null) taken.push(run);
    }
    const of = (team: Team) => taken.filter(({ organizationId }) => organizationId === team.organizationId);
    expect(taken.slice(0, 2).map(({ id }) => id)).to.include(first);
    expect(of(quiet).map(({ id }) => id)).to.deep.equal([first]);
    expect(of(busy).map(({ id }) => id)).to.deep.equal(ids.slice(0, 3));
  });

  it('gives an organization no more runs at once than it may have, and the next when one has ended', async () => {
    const team = await newTeam(api);
    for (let count = 0; count < 3; count += 1) await queue(team);
    const limited = claims('runner-1', { ...unlimited, runsAtOncePerOrganization: 2 });
    const [first] = await takeAll(limited);
    expect((await api.services.database.query('SELECT run_id FROM active_run WHERE lease_until > 0')).length).to.equal(
      2,
    );
    await api.services.database.transaction((tx) => tx.query('DELETE FROM active_run WHERE run_id = ?', [first?.id]));
    expect((await takeAll(limited)).length).to.equal(1);
  });

  it('starts no more runs of an organization in a minute than it may have', async () => {
    const team = await newTeam(api);
    for (let count = 0; count < 4; count += 1) await queue(team);
    const limited = claims('runner-1', { ...unlimited, runsPerMinutePerOrganization: 3 });
    expect((await takeAll(limited)).length).to.equal(3);
    expect(await limited.take(Date.now() + 61_000, Date.now() + 61_000 + lease)).not.to.equal(null);
  });

  it('gives no run to two runners that ask at the same time', async () => {
    const team = await newTeam(api);
    for (let count = 0; count < 20; count += 1) await queue(team);
    const taken = (await Promise.all(['a', 'b', 'c'].map((name) => takeAll(claims(`runner-${name}`))))).flat();
    expect(taken.length).to.equal(20);
    expect(new Set(taken.map(({ id }) => id)).size).to.equal(20);
  });

  it('ends a run whose lease is over as interrupted, once, and never queues it again', async () => {
    const team = await newTeam(api);
    const id = await queue(team);
    const now = Date.now();
    await claims().take(now, now + lease);
    const others = new Leases(api.services.database, 'runner-2');
    expect(await others.endExpired(now + lease - 1)).to.equal(0);
    expect(await others.endExpired(now + lease)).to.equal(1);
    expect(await others.endExpired(now + lease)).to.equal(0);
    const { state, error, steps } = await runOf(api, team.organizationId, id);
    expect({ state, code: error?.code, steps: steps.map((step) => step.state) }).to.deep.equal({
      state: 'INTERRUPTED',
      code: 'INTERRUPTED',
      steps: ['SKIPPED'],
    });
    expect(await takeAll(claims())).to.deep.equal([]);
  });

  it('prolongs a lease for the runner that holds it alone, and not once it is over', async () => {
    const team = await newTeam(api);
    const id = await queue(team);
    const now = Date.now();
    await claims('holder').take(now, now + lease);
    const run = { organizationId: team.organizationId, id };
    const [holder, other] = [new Leases(api.services.database, 'holder'), new Leases(api.services.database, 'other')];
    expect(await other.renew(run, now, now + 2 * lease)).to.deep.equal({ isHeld: false, isCancelled: false });
    expect(await holder.renew(run, now + 1, now + 2 * lease)).to.deep.equal({ isHeld: true, isCancelled: false });
    expect(await holder.renew(run, now + 2 * lease, now + 3 * lease)).to.deep.equal({
      isHeld: false,
      isCancelled: false,
    });
  });
});
