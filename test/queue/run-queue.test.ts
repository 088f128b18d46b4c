import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readConfig } from '../../src/config.js';
import { newId, type OrganizationId, type RunId } from '../../src/ids.js';
import { createLogger } from '../../src/log.js';
import { socketPath } from '../../src/queue/embedded-run-queue.js';
import { openRunQueue, type RunQueue } from '../../src/queue/run-queue.js';

const redisUrl = process.env.TEST_REDIS_URL ?? '';
const silent = createLogger({ level: 'silent', pretty: false });
const notice = () => ({ organizationId: newId<OrganizationId>(), runId: newId<RunId>() });

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('the queue of runs', () => {
  let home: string;
  let installation: Uint8Array;
  const open: RunQueue[] = [];

  beforeEach(() => {
    installation = randomBytes(32);
    home = mkdtempSync(join(tmpdir(), 'nightsafe-queue-'));
  });
  afterEach(async () => {
    for (const queue of open.splice(0)) await queue.close();
    rmSync(home, { recursive: true, force: true });
  });

  const end = async (redis = ''): Promise<RunQueue> => {
    const queue = await openRunQueue(
      { home, redisUrl: readConfig({ REDIS_URL: redis }).redisUrl },
      installation,
      silent,
    );
    open.push(queue);
    return queue;
  };

  for (const [name, url] of [
    ['on one machine', ''],
    ['through Redis', redisUrl],
  ] as const) {
    const describeHere = name === 'through Redis' && redisUrl === '' ? describe.skip : describe;
    describeHere(name, () => {
      it('makes the runner look after a notice', async () => {
        const [api, runner] = [await end(url), await end(url)];
        let looks = 0;
        await runner.consume(async () => {
          looks += 1;
        });
        await until(() => api.isReachable());
        api.announce(notice());
        await until(() => looks > 0);
        const before = looks;
        api.announce(notice());
        await until(() => looks > before);
      });

      it('takes notices again after a runner has ended and another has come', async () => {
        const api = await end(url);
        const first = await end(url);
        await first.consume(async () => undefined);
        await first.close();
        let looks = 0;
        const second = await end(url);
        await second.consume(async () => {
          looks += 1;
        });
        await until(async () => {
          api.announce(notice());
          await new Promise((resolve) => setTimeout(resolve, 20));
          return looks > 0;
        });
      });
    });
  }

  it('does not mind that nobody listens', async () => {
    const api = await end();
    api.announce(notice());
    await new Promise((resolve) => setTimeout(resolve, 20));
    api.announce(notice());
    expect(await api.isReachable()).to.equal(true);
  });

  it('does not mind a Redis that is not there, and says so', async () => {
    const api = await end('redis://127.0.0.1:1');
    api.announce(notice());
    expect(await api.isReachable()).to.equal(false);
  });

  it('keeps the socket to its own user, and leaves none behind', async () => {
    const runner = await end();
    const umask = process.umask(0o077);
    await runner.consume(async () => undefined);
    process.umask(umask);
    expect(statSync(socketPath(home)).mode & 0o077).to.equal(0);
    await runner.close();
    expect(existsSync(socketPath(home))).to.equal(false);
  });

  it('finds a place for the socket also where the path of the home folder is too long for one', () => {
    const deep = `/${'deep/'.repeat(40)}`;
    expect(Buffer.byteLength(socketPath(deep))).to.be.lessThan(100);
    expect(socketPath(deep)).not.to.equal(socketPath(`${deep}er`));
  });
});
