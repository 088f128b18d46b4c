/** Several processes on one database, and a database that comes and goes. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { loadPolicies } from '../../src/authz/index.js';
import { eventually, get, Installation } from './installation.js';

const policyVersion = loadPolicies('policies').version;

/** A way to a server that can be cut and mended. */
class Bridge {
  port = 0;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(private readonly to: { readonly host: string; readonly port: number }) {}

  async mend(): Promise<void> {
    this.#server = createServer((near) => {
      const far = connect(this.to);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).once('close', () => [near, far].forEach((end) => void end.destroy()));
      }
      near.pipe(far).pipe(near);
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
  }

  cut(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** Lets connections be, but nothing through. */
  stall(): void {
    for (const socket of this.#sockets) socket.pause().unpipe();
    this.#server?.removeAllListeners('connection').on('connection', (socket) => this.#sockets.add(socket));
  }
}

describe('on one database', () => {
  let installation: Installation;
  beforeEach(async () => {
    installation = await Installation.make();
    await installation.run(['keys', 'init']);
  });
  afterEach(() => installation.remove());

  it('two apis that start at once on an empty one both come up, and the demo is seeded once', async () => {
    const apis = [installation.begin(['api']), installation.begin(['api'])];
    const checks = { database: 'ok', policies: 'ok' };
    const ready = { status: 200, body: { status: 'ok', checks, policyVersion } };
    for (const api of apis) expect(await get((await api.serving('api')).port, '/readyz')).to.deep.equal(ready);
    expect(await installation.sql('SELECT slug FROM organization')).to.deep.equal([{ slug: 'acme' }]);
    const rows = await installation.sql('SELECT name FROM secret_key ORDER BY name');
    expect(rows.map(({ name }) => name)).to.deep.equal([
      'Deployment token',
      'Newsletter service',
      'Ticket system',
      'Weather API',
      'Webhook signing key',
    ]);
    for (const api of apis) expect(await api.stop()).to.include({ code: 0, signal: null, stderr: '' });
    expect((await installation.run(['audit', 'verify'])).code).to.equal(0);
  });

  describe('that is reached over a network,', () => {
    let bridge: Bridge;
    let url: URL;
    before(function () {
      if (!process.env.TEST_DATABASE_URL) this.skip();
    });
    beforeEach(async () => {
      url = new URL(String(installation.settings.DATABASE_URL));
      bridge = new Bridge({ host: url.hostname, port: Number(url.port) });
      await bridge.mend();
      url.port = String(bridge.port);
    });
    afterEach(() => bridge.cut());

    for (const [title, interrupt] of [
      ['is cut off', () => bridge.cut()],
      ['does not answer', () => bridge.stall()],
    ] as const) {
      it(`readiness turns 503 when it ${title}, and 200 when it is back`, async () => {
        const { running, api, runner } = await installation.start({ DATABASE_URL: url.href });
        const statuses = async (path: string) =>
          (await Promise.all([api, runner].map(({ port }) => get(port, path)))).map(({ status }) => status);

        interrupt();
        await eventually(async () => (await statuses('/readyz')).join() === '503,503');
        const { status, body } = await get(runner.port, '/readyz');
        const { checks, ...about } = body as { checks: object };
        expect({ status, about }).to.deep.equal({
          status: 503,
          about: { status: 'unavailable', activeRuns: 0, policyVersion },
        });
        expect(checks).to.include({ database: 'not reachable', queue: 'ok' });
        expect(await get(api.port, '/readyz')).to.deep.equal({
          status: 503,
          body: { status: 'unavailable', checks: { database: 'not reachable', policies: 'ok' }, policyVersion },
        });
        expect(await statuses('/healthz')).to.deep.equal([200, 200]);

        bridge.cut();
        await bridge.mend();
        await eventually(async () => (await statuses('/readyz')).join() === '200,200');
        expect(await running.stop()).to.include({ code: 0, stderr: '' });
      });
    }
  });
});
