import { expect } from 'chai';
import { readConfig } from '../../src/config.js';
import type { RunId } from '../../src/ids.js';
import { newTeam, startTestApi, type TestApi } from '../support/api.js';
import { codeStep, queueRun, requestStep, runOf, text } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';
import {
  descendantsOf,
  isAlive,
  killRunner,
  type RunnerProcess,
  startRunnerProcess,
} from '../support/runner-process.js';

/** How many runners that were at work, and how many sandboxes, are killed at least. */
const deaths = 20;
/** More than any execution of this test takes: then something is stuck. */
const mostRuns = 1_500;
const mostFailures = 5;
/** How many runs wait at most: enough for every runner to be at work. */
const mostWaiting = 12;
const redisUrl = process.env.TEST_REDIS_URL ?? '';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Mulberry32: the same numbers for the same seed, so that a failure can be had again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);

describe(`runners that are killed (TEST_SEED=${seed})`, () => {
  let api: TestApi;
  let server: ReflectingServer;

  before(async () => {
    api = await startTestApi({ redisUrl: readConfig({ REDIS_URL: redisUrl }).redisUrl });
    server = await startReflectingServer();
  });
  after(async () => {
    await server.close();
    await api.close();
  });

  it(`lose no run, send none twice, and leave no process behind, while ${deaths} runners and ${deaths} sandboxes die at work`, async function () {
    this.timeout(600_000);
    const random = randomFrom(seed);
    const team = await newTeam(api);
    const env = {
      NIGHTSAFE_PRIVATE_HOSTS: server.host,
      NIGHTSAFE_RUN_LEASE_SECONDS: '3',
      NIGHTSAFE_RUNS_AT_ONCE: '2',
      LOG_LEVEL: 'warn',
      ...(redisUrl === '' ? {} : { REDIS_URL: redisUrl }),
    };
    const { database } = api.services;
    const countOf = async (condition: string): Promise<number> => {
      const [row] = await database.query(
        `SELECT COUNT(*) AS n FROM workflow_run WHERE organization_id = ? AND ${condition}`,
        [team.organizationId],
      );
      return Number(row?.n);
    };
    const ids: RunId[] = [];
    const isCode = (index: number) => index % 4 !== 0;
    const queueNext = async () => {
      const url = `http://${server.host}/${ids.length}?wait=${Math.floor(100 + random() * 500)}`;
      const step = isCode(ids.length)
        ? codeStep(team.bob.id, `await fetch('${url}'); return 1`)
        : requestStep(team.bob.id, { url: text(url) });
      ids.push(await queueRun(api, team.organizationId, team.bob.id, [step]));
    };

    // A place holds a runner once it is ready; the next starts while the others are at work.
    const places: (RunnerProcess | null)[] = [null, null];
    const starts: Promise<void>[] = [];
    const failures: unknown[] = [];
    const startIn = (place: number) => {
      const start = startRunnerProcess(api, env).then(
        (runner) => {
          places[place] = runner;
        },
        // A machine that is very busy: whatever keeps runners running starts another.
        (error: unknown) => {
          failures.push(error);
          startIn(place);
        },
      );
      starts.push(start);
    };
    for (const place of places.keys()) startIn(place);
    const processes = new Set<number>();
    let killedRunners = 0;
    const killSomething = async (place: number, runner: RunnerProcess) => {
      const children = descendantsOf(runner.pid);
      for (const pid of [runner.pid, ...children]) processes.add(pid);
      if ((await activeRunsOf(runner)) === 0) return;
      if (killedRunners < deaths && random() < 0.4) {
        places[place] = null;
        await killRunner(runner, 'SIGKILL');
        killedRunners += 1;
        startIn(place);
      } else {
        const child = children[Math.floor(random() * children.length)];
        if (child !== undefined) tryToKill(child);
      }
    };

    for (;;) {
      if (failures.length > mostFailures) throw new AggregateError(failures, 'runners do not start');
      const killedSandboxes = await countOf("state = 'FAILED'");
      const isDone = killedRunners >= deaths && killedSandboxes >= deaths;
      if (!isDone) {
        expect(ids.length, `${killedRunners} runners and ${killedSandboxes} sandboxes killed`).to.be.below(mostRuns);
        const waiting = await countOf("state = 'QUEUED'");
        for (let count = waiting; count < mostWaiting; count += 1) await queueNext();
        for (const [place, runner] of places.entries()) if (runner !== null) await killSomething(place, runner);
      } else if ((await countOf("state IN ('QUEUED', 'RUNNING')")) === 0) break;
      await pause(50 + random() * 150);
    }
    await Promise.all(starts);
    for (const runner of places) if (runner !== null) await killRunner(runner, 'SIGTERM');

    const times = new Map<string, number>();
    for (const { url } of server.received) {
      const name = new URL(url, 'http://reflecting.test').pathname.slice(1);
      times.set(name, (times.get(name) ?? 0) + 1);
    }
    expect([...times].filter(([, count]) => count > 1)).to.deep.equal([]);
    const states = new Map<string, number>();
    for (const [index, id] of ids.entries()) {
      const { state, error } = await runOf(api, team.organizationId, id);
      states.set(state, (states.get(state) ?? 0) + 1);
      const what = { run: index, state, code: error?.code ?? null };
      if (state === 'SUCCEEDED') expect([what, times.get(String(index))]).to.deep.equal([what, 1]);
      else if (state === 'FAILED') {
        expect([what, isCode(index)]).to.deep.equal([{ run: index, state, code: 'CODE_STOPPED' }, true]);
      } else expect(what).to.deep.equal({ run: index, state: 'INTERRUPTED', code: 'INTERRUPTED' });
    }
    expect(killedRunners).to.be.at.least(deaths);
    expect(states.get('FAILED') ?? 0).to.be.at.least(deaths);
    expect(states.get('INTERRUPTED') ?? 0).to.be.at.least(1);
    expect(states.get('SUCCEEDED') ?? 0).to.be.at.least(1);
    expect([...states.values()].reduce((sum, count) => sum + count, 0)).to.equal(ids.length);
    while ([...processes].some(isAlive)) await pause(50);
  });
});

/** 0 also for one that does not answer: it is about to end. */
async function activeRunsOf({ port }: RunnerProcess): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return answer === null ? 0 : ((await answer.json()) as { readonly activeRuns: number }).activeRuns;
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
