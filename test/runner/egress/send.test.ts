import { expect } from 'chai';
import type { EgressResponse, Part } from '../../../src/runner/egress/egress-request.js';
import {
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
  requestTo,
  serve,
  serveRaw,
  template,
  text,
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

  it('the base64 of text and keys, so that Basic auth works', async () => {
    const { port, seen, origin } = await serve();
    const basic: Part = { base64Of: [{ text: 'user:' }, hole] };
    const request = requestTo(`${origin}/?b=`, {
      method: 'POST',
      headers: [{ name: text('Authorization'), value: [{ text: 'Basic ' }, basic] }],
      body: { kind: 'form', fields: [{ name: text('n&'), value: [basic, { text: '??' }] }] },
    });
    await doorTo(port).send(request, keysOf({ allowedHosts: [origin] }), options());
    const once = Buffer.from(`user:${canary}`).toString('base64');
    expect(seen[0]?.headers).to.include(`Basic ${once}`).and.to.include('application/x-www-form-urlencoded');
    expect(seen[0]?.body).to.equal(`n%26=${encodeURIComponent(`${once}??`)}`);
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
