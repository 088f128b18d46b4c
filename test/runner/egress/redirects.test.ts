import { expect } from 'chai';
import type { EgressResponse } from '../../../src/runner/egress/egress-request.js';
import {
  bodyText,
  canary,
  closeAll,
  doorTo,
  header,
  hostName,
  keyId,
  keysOf,
  openDoor,
  options,
  refusal,
  refusalOf,
  requestTo,
  type Seen,
  serve,
  text,
} from './fixtures.js';

const form = { kind: 'form', fields: [{ name: text('a'), value: text('b') }] } as const;

/** Redirects as often as its path has letters, each time to the rest of them. */
const shrinking = (status: number) =>
  serve((request, response) => {
    const rest = (request.url ?? '/').slice(2);
    if (request.url === '/') response.end('arrived');
    else response.writeHead(status, { location: `/${rest}#x` }).end('on the way');
  });

const named = ({ headers }: Seen): string[] =>
  headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());

describe('a redirect', () => {
  afterEach(closeAll);

  it('is followed three times, and its addresses are told', async () => {
    const { port, origin } = await shrinking(302);
    const answer = await doorTo(port).send(requestTo(`${origin}/abc`), new Map(), options());
    expect({ ...answer, headers: [] }).to.deep.equal({
      status: 200,
      statusText: 'OK',
      headers: [],
      body: new TextEncoder().encode('arrived'),
      url: `${origin}/`,
      redirects: [`${origin}/bc`, `${origin}/c`, `${origin}/`],
    } satisfies EgressResponse);
  });

  it('is not followed a fourth time', async () => {
    const { port, origin, seen } = await shrinking(302);
    const sending = doorTo(port).send(requestTo(`${origin}/abcd`), new Map(), options());
    expect(await refusalOf(sending)).to.deep.equal(refusal('TOO_MANY_REDIRECTS'));
    expect(seen.map(({ url }) => url)).to.deep.equal(['/abcd', '/bcd', '/cd', '/d']);
  });

  const cases: readonly (readonly [number, 'POST' | 'PUT' | 'DELETE', string])[] = [
    ...([301, 302, 303] as const).map((status) => [status, 'POST', 'GET'] as const),
    ...([307, 308] as const).map((status) => [status, 'POST', 'POST'] as const),
    [301, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [307, 'DELETE', 'DELETE'],
  ];
  for (const [status, method, then] of cases) {
    it(`with ${status} makes ${method} ${then}, ${then === 'GET' ? 'without its body' : 'with its body'}`, async () => {
      const { port, origin, seen } = await shrinking(status);
      const headers = [header('Content-Language', 'en'), header('X-Mine', '1')];
      await doorTo(port).send(requestTo(`${origin}/a`, { method, headers, body: form }), new Map(), options());
      const [, last] = seen;
      if (last === undefined) throw new Error('the redirect was not followed');
      const kept = named(last).filter((name) => /^content-|^x-mine/.test(name));
      expect({ method: last.method, body: last.body, kept }).to.deep.equal(
        then === 'GET'
          ? { method: 'GET', body: '', kept: ['x-mine'] }
          : { method: then, body: 'a=b', kept: ['content-language', 'x-mine', 'content-type', 'content-length'] },
      );
    });
  }

  it('keeps HEAD a HEAD, whatever the status', async () => {
    for (const status of [301, 303, 308]) {
      const { port, origin, seen } = await shrinking(status);
      await doorTo(port).send(requestTo(`${origin}/a`, { method: 'HEAD' }), new Map(), options());
      expect(seen.map(({ method }) => method)).to.deep.equal(['HEAD', 'HEAD']);
    }
  });

  it('is a response like any other when asked for by hand, and an error when not wanted', async () => {
    const { port, origin, seen } = await shrinking(302);
    const send = (redirect: 'manual' | 'error') =>
      doorTo(port).send(requestTo(`${origin}/a`, { redirect }), new Map(), options());
    const { status, redirects, ...answer } = await send('manual');
    expect({ status, redirects, body: bodyText({ status, redirects, ...answer }) }).to.deep.equal({
      status: 302,
      redirects: [],
      body: 'on the way',
    });
    expect(await refusalOf(send('error'))).to.deep.equal(refusal('REDIRECT_REFUSED'));
    expect(seen.length).to.equal(2);
  });

  it('without a location, or with a status that is none of a redirect, is a response', async () => {
    for (const status of [300, 304, 302]) {
      const { port, origin } = await serve((_, response) => {
        response.writeHead(status, status === 302 ? {} : { location: '/elsewhere' }).end();
      });
      const answer = await doorTo(port).send(requestTo(origin), new Map(), options());
      expect({ status: answer.status, redirects: answer.redirects }).to.deep.equal({ status, redirects: [] });
    }
  });

  it('with a key in the request stays at its origin: its value goes along in headers and body, and into no location', async () => {
    const { port, origin, seen } = await serve((request, response) => {
      if (request.url?.startsWith('/a?')) response.writeHead(307, { location: 'b' }).end();
      else response.end();
    });
    const request = requestTo(`${origin}/a?k={}`, {
      method: 'POST',
      headers: [header('X-Key', '{}')],
      body: { kind: 'text', parts: [{ secretKeyId: keyId }] },
    });
    const { url } = await doorTo(port).send(request, keysOf({ allowedHosts: [origin] }), options());
    const [, last] = seen;
    expect({ url, path: last?.url, body: last?.body, header: last?.headers.includes(canary) }).to.deep.equal({
      url: `${origin}/b`,
      path: '/b',
      body: canary,
      header: true,
    });
  });

  it('with a key in the request to another scheme, host or port ends there, also where the key may go', async () => {
    const other = await serve();
    const targets = [
      other.origin,
      `http://other.test:${other.port}`,
      `//${hostName}:${other.port}/x`,
      `https://${hostName}`,
    ];
    for (const location of targets) {
      const { port, origin } = await serve((_, response) => {
        response.writeHead(307, { location }).end();
      });
      const keys = keysOf({ allowedHosts: [origin, ...targets], allowsAnyHost: true });
      const wanted = [`${hostName}:${port}`, `${hostName}:${other.port}`, `other.test:${other.port}`, hostName];
      const door = openDoor({ resolve: async () => ['127.0.0.1'], allowedPrivateHosts: wanted });
      const request = requestTo(origin, { method: 'POST', headers: [header('X-Key', '{}')], body: form });
      expect(await refusalOf(door.send(request, keys, options())), location).to.deep.equal(refusal('REDIRECT_REFUSED'));
    }
    expect(other.seen).to.deep.equal([]);
  });

  it('without a key leaves Authorization and Cookie behind at another origin, and keeps them at its own', async () => {
    const other = await serve();
    for (const [location, kept] of [
      [other.origin, []],
      ['/b', ['authorization', 'cookie']],
    ] as const) {
      const first = await serve((request, response) => {
        if (request.url === '/a') response.writeHead(308, { location }).end();
        else response.end();
      });
      const door = doorTo(first.port, {
        allowedPrivateHosts: [first.port, other.port].map((port) => `${hostName}:${port}`),
      });
      const headers = [header('AUTHORIZATION', 'Basic x'), header('Cookie', 'a=b'), header('X-Mine', '1')];
      await door.send(requestTo(`${first.origin}/a`, { headers }), new Map(), options());
      const last = location === '/b' ? first.seen[1] : other.seen[0];
      if (last === undefined) throw new Error('the redirect was not followed');
      expect(named(last).filter((name) => /^(authorization|cookie|x-mine)$/.test(name))).to.deep.equal([
        ...kept,
        'x-mine',
      ]);
    }
  });

  it('to what is no plain web address is refused', async () => {
    const locations = [
      'http://',
      'file:///etc/passwd',
      'ftp://example.com/',
      'data:,x',
      'javascript:1',
      'http://u:p@example.com/',
      'https://example.com./',
      ['/a', '/b'],
    ];
    for (const location of locations) {
      const { port, origin } = await serve((_, response) => {
        response
          .writeHead(
            302,
            [location].flat().flatMap((one) => ['Location', one]),
          )
          .end();
      });
      const sending = doorTo(port).send(requestTo(origin), new Map(), options());
      expect(await refusalOf(sending), String(location)).to.deep.equal(refusal('REDIRECT_INVALID'));
    }
  });

  it('leaves the hosts to which the code of a run may send never', async () => {
    const other = await serve();
    const first = await serve((_, response) => {
      response.writeHead(302, { location: other.origin }).end();
    });
    const door = doorTo(first.port, {
      allowedPrivateHosts: [first.port, other.port].map((port) => `${hostName}:${port}`),
    });
    const sending = door.send(requestTo(first.origin), new Map(), options({ restrictHosts: [first.origin] }));
    expect(await refusalOf(sending)).to.deep.equal(refusal('HOST_REFUSED', 'url'));
    expect([first.seen.length, other.seen.length]).to.deep.equal([1, 0]);
  });
});
