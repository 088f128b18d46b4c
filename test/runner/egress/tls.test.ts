import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  bodyText,
  canary,
  closeAll,
  doorTo,
  header,
  hostName,
  keysOf,
  openDoor,
  options,
  refusal,
  refusalOf,
  requestTo,
  serve,
  serveRaw,
  until,
} from './fixtures.js';

describe('TLS', () => {
  let folder: string;
  let ca: string;
  let tls: { key: string; cert: string };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'nightsafe-egress-'));
    const names = `subjectAltName=DNS:${hostName},IP:127.0.0.1`;
    const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...kind, '-subj', '/CN=test', '-addext', names, ...files], {
      stdio: 'ignore',
    });
    ca = readFileSync(join(folder, 'cert'), 'utf8');
    tls = { key: readFileSync(join(folder, 'key'), 'utf8'), cert: ca };
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(closeAll);

  const secure = async () => {
    const server = await serve(undefined, createTlsServer(tls));
    return { ...server, origin: `https://${hostName}:${server.port}` };
  };

  it('lets a key go to a server whose certificate is for the host, by name and by address', async () => {
    const { port, seen, origin } = await secure();
    const keys = keysOf({ allowedHosts: [`${hostName}:${port}`, `127.0.0.1:${port}`] });
    const door = openDoor({
      ca,
      resolve: async () => ['127.0.0.1'],
      allowedPrivateHosts: [`${hostName}:${port}`, `127.0.0.1:${port}`],
    });
    const headers = [header('X-Key', '{}')];
    for (const url of [origin, `https://127.0.0.1:${port}`]) {
      expect(bodyText(await door.send(requestTo(url, { headers }), keys, options()))).to.equal('ok');
    }
    expect(seen.map((one) => one.headers.includes(canary))).to.deep.equal([true, true]);
  });

  it('refuses a certificate of another host, one that nobody has signed, and no certificate, before a byte is sent', async () => {
    const { port, seen, origin } = await secure();
    const plain = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const attempts = [
      { door: doorTo(port), url: origin },
      {
        door: openDoor({ ca, resolve: async () => ['127.0.0.1'], allowedPrivateHosts: [`other.test:${port}`] }),
        url: `https://other.test:${port}`,
      },
      { door: doorTo(plain.port, { ca }), url: `https://${hostName}:${plain.port}` },
    ];
    for (const { door, url } of attempts) {
      expect(await refusalOf(door.send(requestTo(url), new Map(), options()))).to.deep.equal(
        refusal('TLS_FAILED', 'url'),
      );
    }
    expect(seen).to.deep.equal([]);
  });

  it('is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const { port, seen, origin } = await secure();
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const sending = doorTo(port).send(requestTo(origin), new Map(), options());
      expect(await refusalOf(sending)).to.deep.equal(refusal('TLS_FAILED', 'url'));
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(seen).to.deep.equal([]);
  });

  it('ends at the time limit when the server says nothing, and leaves no connection behind', async () => {
    const silent = await serveRaw(() => undefined);
    const request = requestTo(`https://${hostName}:${silent.port}`, { timeoutMs: 100 });
    expect(await refusalOf(doorTo(silent.port).send(request, new Map(), options()))).to.deep.equal(refusal('TIMEOUT'));
    await until(() => silent.connections.closed === 1);
  });
});
