import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { defaultEgressLimits } from '../../../src/runner/egress/egress-limits.js';
import type { EgressResponse, Part } from '../../../src/runner/egress/egress-request.js';
import {
  bodyText,
  canary,
  closeAll,
  doorTo,
  header,
  hole,
  hostName,
  keyId,
  keysOf,
  openDoor,
  options,
  refusal,
  refusalOf,
  requestTo,
  serve,
  serveRaw,
  template,
  text,
  until,
} from './fixtures.js';

describe('the egress door sends', () => {
  afterEach(closeAll);

  it('a request with its key in a header, the path, the query and a JSON body, each escaped for its place', async () => {
    const { port, seen, origin } = await serve((_, response) => {
      response.writeHead(201, 'Made', ['Content-Type', 'text/plain', 'X-Two', '1', 'X-Two', '2', 'Date', 'today']);
      response.end('done');
    });
    const value = 'canary "a/b?c#d&e=f%2e..é\\';
    const keys = keysOf({ allowedHosts: [origin] });
    const body = keysOf({ allowedHosts: [origin], value, id: keyId }).get(keyId);
    if (body === undefined) throw new Error('there is no key');
    const answer = await doorTo(port).send(
      {
        method: 'POST',
        url: template(`${origin}/v1/x{}y/z?a=b&k={}#fragment`),
        query: [{ name: text('a b'), value: template('{} &') }],
        headers: [header('Authorization', 'Bearer {}'), header('X-Empty', '')],
        body: {
          kind: 'json',
          value: {
            object: [
              { name: 'a"b', value: { string: template('x{}\n') } },
              { name: '__proto__', value: { array: [null, true, 1.5, { string: [] }] } },
            ],
          },
        },
      },
      keys,
      options(),
    );
    expect(answer).to.deep.equal({
      status: 201,
      statusText: 'Made',
      headers: [
        ['Content-Type', 'text/plain'],
        ['X-Two', '1'],
        ['X-Two', '2'],
        ['Date', 'today'],
        ['Connection', 'close'],
        ['Transfer-Encoding', 'chunked'],
      ],
      body: new TextEncoder().encode('done'),
      url: `${origin}/v1/x${canary}y/z?a=b&k=${canary}&a%20b=${canary}%20%26`,
      redirects: [],
    } satisfies EgressResponse);
    expect(seen).to.deep.equal([
      {
        method: 'POST',
        url: `/v1/x${canary}y/z?a=b&k=${canary}&a%20b=${canary}%20%26`,
        headers: [
          ...['host', `${hostName}:${port}`, 'connection', 'close'],
          ...['Authorization', `Bearer ${canary}`, 'X-Empty', ''],
          ...['User-Agent', 'Nightsafe', 'Accept', '*/*', 'Content-Type', 'application/json'],
          ...['Accept-Encoding', 'gzip, deflate, br', 'content-length', '73'],
        ],
        body: `{"a\\"b":"x${canary}\\n","__proto__":[null,true,1.5,""]}`,
      },
    ]);
    await doorTo(port).send(
      requestTo(`${origin}/{}?q={}`, { method: 'PUT', body: { kind: 'json', value: { string: [hole] } } }),
      new Map([[keyId, body]]),
      options(),
    );
    const encoded = 'canary%20%22a%2Fb%3Fc%23d%26e%3Df%252e..%C3%A9%5C';
    expect({ url: seen[1]?.url, body: JSON.parse(seen[1]?.body ?? '') }).to.deep.equal({
      url: `/${encoded}?q=${encoded}`,
      body: value,
    });
  });

  it('the base64 of text and keys, so that Basic auth works, also inside of itself', async () => {
    const { port, seen, origin } = await serve();
    const basic: Part = { base64Of: [{ text: 'user:' }, hole] };
    const request = requestTo(`${origin}/?b=`, {
      method: 'POST',
      headers: [{ name: text('Authorization'), value: [{ text: 'Basic ' }, basic] }],
      body: { kind: 'form', fields: [{ name: text('n&'), value: [{ base64Of: [basic, { text: '??' }] }] }] },
    });
    await doorTo(port).send(request, keysOf({ allowedHosts: [origin] }), options());
    const once = Buffer.from(`user:${canary}`).toString('base64');
    expect(seen[0]?.headers).to.include(`Basic ${once}`).and.to.include('application/x-www-form-urlencoded');
    expect(seen[0]?.body).to.equal(`n%26=${encodeURIComponent(Buffer.from(`${once}??`).toString('base64'))}`);
  });

  it('text and bytes as they are, whatever bytes the value has', async () => {
    const { port, origin, received } = await serveRaw((socket) => {
      socket.on('data', (chunk) => {
        if (chunk.includes('END')) socket.end('HTTP/1.1 204 Fine\r\n\r\n');
      });
    });
    const value = Uint8Array.of(0x61, 0x00, 0x0d, 0x0a, 0x62);
    const keys = keysOf({ allowedHosts: [origin], value });
    const send = (body: Parameters<typeof requestTo>[1]) =>
      doorTo(port).send(requestTo(origin, { method: 'PATCH', ...body }), keys, options());
    await send({ body: { kind: 'text', parts: template('<{}>END') }, headers: [header('content-type', 'a/b')] });
    await send({ body: { kind: 'text', parts: text('END') } });
    await send({ body: { kind: 'bytes', bytes: Buffer.from('xEND'), contentType: 'c/d' } });
    const types = [...received().matchAll(/content-type: (.*)\r\n/gi)].map(([, type]) => type);
    expect(types).to.deep.equal(['a/b', 'text/plain;charset=UTF-8', 'c/d']);
    expect(received()).to.contain('\r\n\r\n<a\0\r\nb>END').and.to.contain('\r\n\r\nxEND');
  });

  it('leaves the bytes and the values of the caller as they were', async () => {
    const { port, origin } = await serve();
    const bytes = Uint8Array.of(1, 2, 3);
    const keys = keysOf({ allowedHosts: [origin] });
    const request = requestTo(origin, {
      method: 'POST',
      headers: [header('X-Key', '{}')],
      body: { kind: 'bytes', bytes },
    });
    await doorTo(port).send(request, keys, options());
    expect([...bytes]).to.deep.equal([1, 2, 3]);
    expect(keys.get(keyId)?.value.use((value) => Buffer.from(value).toString())).to.equal(canary);
  });

  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
    it(`${method} without a body`, async () => {
      const { port, seen, origin } = await serve((_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end();
      });
      const { status, body } = await doorTo(port).send(requestTo(origin, { method }), new Map(), options());
      expect({ status, body, sent: seen[0]?.method, with: seen[0]?.body }).to.deep.equal({
        status: 200,
        body: new Uint8Array(),
        sent: method,
        with: '',
      });
    });
  }

  it('each request over a connection of its own', async () => {
    const { port, connections, origin } = await serve();
    const door = doorTo(port);
    for (let count = 0; count < 3; count += 1) await door.send(requestTo(origin), new Map(), options());
    expect(connections.count).to.equal(3);
  });

  it('nothing through a proxy of the environment', async () => {
    const proxy = await serve();
    const target = await serve();
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : `http://127.0.0.1:${proxy.port}`;
    try {
      await doorTo(target.port).send(requestTo(target.origin), new Map(), options());
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    expect([proxy.seen.length, target.seen.length]).to.deep.equal([0, 1]);
  });

  it('to the addresses that it has looked up once, one after the other', async () => {
    const { port, seen, origin } = await serve();
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      return ['::1', '127.0.0.1'];
    };
    await doorTo(port, { resolve }).send(requestTo(origin), new Map(), options());
    expect({ asked, seen: seen.length }).to.deep.equal({ asked: [hostName], seen: 1 });
  });

  it('to localhost by the name service of the system, where an operator lists it', async () => {
    const { port, seen } = await serve();
    const door = openDoor({ allowedPrivateHosts: [`localhost:${port}`] });
    await door.send(requestTo(`http://localhost:${port}/x`), new Map(), options());
    expect(seen.map(({ url }) => url)).to.deep.equal(['/x']);
  });
});

describe('the moment before sending', () => {
  afterEach(closeAll);

  it('comes once, with the connection made and no byte of it used, even when redirects follow', async () => {
    const { port, seen, connections, origin } = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else response.end('ok');
    });
    const moments: unknown[] = [];
    const onSending = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      moments.push({ connections: connections.count, requests: seen.length });
    };
    await doorTo(port).send(requestTo(`${origin}/a`), new Map(), options({ onSending }));
    expect(moments).to.deep.equal([{ connections: 1, requests: 0 }]);
    expect(seen.map(({ url }) => url)).to.deep.equal(['/a', '/b']);
  });

  it('stops the request when it fails, with the error that it failed with', async () => {
    const { port, origin, received, connections } = await serveRaw(() => undefined);
    const failure = new Error('the use could not be recorded');
    const onSending = () => Promise.reject(failure);
    let thrown: unknown;
    await doorTo(port)
      .send(requestTo(origin), new Map(), options({ onSending }))
      .catch((error: unknown) => {
        thrown = error;
      });
    expect(thrown).to.equal(failure);
    await until(() => connections.closed === 1);
    expect({ received: received(), connections: connections.count }).to.deep.equal({ received: '', connections: 1 });
  });

  it('may be one in which the server goes away: the request fails, and is not tried again', async () => {
    for (const leave of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
      const sockets: Socket[] = [];
      const { port, origin, connections } = await serveRaw((socket) => sockets.push(socket));
      const onSending = async () => {
        await until(() => sockets.length === 1);
        for (const socket of sockets) leave(socket);
        await new Promise((resolve) => setTimeout(resolve, 50));
      };
      const sending = doorTo(port).send(requestTo(origin), new Map(), options({ onSending }));
      expect(await refusalOf(sending)).to.deep.equal(refusal('CONNECTION_LOST'));
      expect(connections.count).to.equal(1);
    }
  });

  it('does not come for a request that is refused, or that finds nobody', async () => {
    let moments = 0;
    const onSending = async () => {
      moments += 1;
    };
    const { port } = await serveRaw(() => undefined);
    await closeAll();
    const door = doorTo(port);
    expect(
      await refusalOf(door.send(requestTo(`http://127.0.0.1:${port}`), new Map(), options({ onSending }))),
    ).to.deep.equal(refusal('ADDRESS_REFUSED', 'url'));
    expect(
      await refusalOf(door.send(requestTo(`http://${hostName}:${port}`), new Map(), options({ onSending }))),
    ).to.deep.equal(refusal('CONNECTION_FAILED', 'url'));
    expect(moments).to.equal(0);
  });
});

describe('the egress door', () => {
  afterEach(closeAll);

  it('names a host without an address, and one that cannot be looked up, alike', async () => {
    for (const resolve of [async () => [], () => Promise.reject(new Error('ENOTFOUND'))]) {
      const sending = openDoor({ resolve }).send(requestTo('https://nowhere.example'), new Map(), options());
      expect(await refusalOf(sending)).to.deep.equal(refusal('HOST_NOT_FOUND', 'url'));
    }
  });

  it('cancels when the caller does: before, while looking up, while preparing, while waiting for the response', async () => {
    const server = await serveRaw(() => undefined);
    const never = new Promise<never>(() => undefined);
    const stages: ((controller: AbortController) => Promise<EgressResponse>)[] = [
      (controller) => {
        controller.abort();
        return doorTo(server.port).send(requestTo(server.origin), new Map(), options({ signal: controller.signal }));
      },
      (controller) => {
        const resolve = () => {
          setImmediate(() => controller.abort());
          return never;
        };
        const door = doorTo(server.port, { resolve });
        return door.send(requestTo(server.origin), new Map(), options({ signal: controller.signal }));
      },
      (controller) => {
        const resolve = () => {
          controller.abort();
          return never;
        };
        const door = doorTo(server.port, { resolve });
        return door.send(requestTo(server.origin), new Map(), options({ signal: controller.signal }));
      },
      (controller) => {
        const onSending = () => {
          setImmediate(() => controller.abort());
          return never;
        };
        return doorTo(server.port).send(
          requestTo(server.origin),
          new Map(),
          options({ signal: controller.signal, onSending }),
        );
      },
      (controller) => {
        until(() => server.received() !== '').then(() => controller.abort());
        return doorTo(server.port).send(requestTo(server.origin), new Map(), options({ signal: controller.signal }));
      },
    ];
    for (const stage of stages)
      expect(await refusalOf(stage(new AbortController()))).to.deep.equal(refusal('CANCELLED'));
    await until(() => server.connections.closed === 2);
    expect(server.connections.count).to.equal(2);
  });

  it('cancels what is under way when it is closed, and refuses what comes later', async () => {
    const server = await serveRaw(() => undefined);
    const door = doorTo(server.port);
    const sending = refusalOf(door.send(requestTo(server.origin), new Map(), options()));
    await until(() => server.received() !== '');
    await door.close();
    expect(await sending).to.deep.equal(refusal('CANCELLED'));
    expect(await refusalOf(door.send(requestTo(server.origin), new Map(), options()))).to.deep.equal(
      refusal('CANCELLED'),
    );
    await until(() => server.connections.closed === 1);
  });

  it('does not start with a private host that is none', () => {
    for (const host of ['', '*.example.com', 'http://example.com', 'example.com/path', 'a b']) {
      expect(() => openDoor({ allowedPrivateHosts: [host] }), host).to.throw('An allowed private host must be');
    }
  });

  it('has the bounds of the design', () => {
    expect(defaultEgressLimits).to.deep.equal({
      timeoutMs: 10_000,
      longestTimeoutMs: 60_000,
      redirects: 3,
      responseHeaderBytes: 16_384,
      responseBodyBytes: 5_242_880,
    });
  });
});

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
