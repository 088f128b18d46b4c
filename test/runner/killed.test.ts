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

const runs = 200;
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

  it(`lose no run of ${runs}, send none twice, and leave no process behind`, async function () {
    this.timeout(240_000);
    const random = randomFrom(seed);
    const team = await newTeam(api);
    const env = {
      NIGHTSAFE_PRIVATE_HOSTS: server.host,
      NIGHTSAFE_RUN_LEASE_SECONDS: '3',
      NIGHTSAFE_RUNS_AT_ONCE: '4',
      LOG_LEVEL: 'warn',
      ...(redisUrl === '' ? {} : { REDIS_URL: redisUrl }),
    };
    const start = () => startRunnerProcess(api, env);
    const runners: RunnerProcess[] = [await start(), await start()];
    const processes = new Set<number>();
    const ids: RunId[] = [];
    const queueAll = async () => {
      for (let count = 0; count < runs; count += 1) {
        const url = `http://${server.host}/${count}?wait=${Math.floor(random() * 60)}`;
        const step =
          count % 2 === 0
            ? requestStep(team.bob.id, { url: text(url) })
            : codeStep(team.bob.id, `await fetch('${url}'); return 1`);
        ids.push(await queueRun(api, team.organizationId, team.bob.id, [step]));
      }
    };
    const haveEnded = async () => {
      const [left] = await api.services.database.query('SELECT COUNT(*) AS n FROM active_run');
      return ids.length === runs && Number(left?.n) === 0;
    };

    const queued = queueAll();
    let kills = 0;
    while (!(await haveEnded())) {
      await pause(100 + random() * 300);
      for (const { pid } of runners) for (const child of descendantsOf(pid)) processes.add(child);
      if (kills >= 20) continue;
      const index = Math.floor(random() * runners.length);
      const runner = runners[index];
      if (runner === undefined) continue;
      kills += 1;
      if (random() < 0.5) {
        await killRunner(runner, 'SIGKILL');
        runners[index] = await start();
      } else {
        const children = descendantsOf(runner.pid);
        const child = children[Math.floor(random() * children.length)];
        if (child !== undefined) tryToKill(child);
      }
    }
    await queued;
    for (const runner of runners) await killRunner(runner, 'SIGTERM');

    const times = new Map<string, number>();
    for (const { url } of server.received) {
      const name = new URL(url, 'http://reflecting.test').pathname.slice(1);
      times.set(name, (times.get(name) ?? 0) + 1);
    }
    const states = new Map<string, number>();
    for (const [index, id] of ids.entries()) {
      const { state } = await runOf(api, team.organizationId, id);
      states.set(state, (states.get(state) ?? 0) + 1);
      if (state === 'SUCCEEDED') expect(times.get(String(index)), `run ${index}`).to.equal(1);
      else expect(state, `run ${index}`).to.be.oneOf(['INTERRUPTED', 'FAILED']);
    }
    expect([...times.values()].filter((count) => count > 1)).to.deep.equal([]);
    expect([...states.values()].reduce((sum, count) => sum + count, 0)).to.equal(runs);
    expect(states.get('SUCCEEDED') ?? 0).to.be.greaterThan(runs / 2);
    while ([...processes].some(isAlive)) await pause(50);
  });
});

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
