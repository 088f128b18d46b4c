import { expect } from 'chai';
import type { EgressErrorCode, EgressProblem } from '../../../src/runner/egress/egress-error.js';
import type { EgressRequest, JsonParts, Part } from '../../../src/runner/egress/egress-request.js';
import {
  canary,
  closeAll,
  header,
  hole,
  keyId,
  keysOf,
  openDoor,
  otherKeyId,
  refusal,
  requestTo,
  template,
  text,
} from './fixtures.js';

const anyHost = keysOf({ allowsAnyHost: true });

const problemsOf = (request: EgressRequest, keys = anyHost): Omit<EgressProblem, 'message'>[] =>
  openDoor()
    .check(request, keys)
    .map(({ code, field, secretKeyId }) => ({ code, field, secretKeyId }));

describe('a check of a request', () => {
  afterEach(closeAll);

  it('finds nothing to say about a request with keys where they may be', () => {
    const request: EgressRequest = {
      method: 'POST',
      url: template('https://api.example.com:8443/v1/{}/a{}b?x=y&k={}&l=a{}#part'),
      query: [{ name: text('n'), value: template('{}') }],
      headers: [header('Authorization', 'Bearer {}'), { name: text('X-Key'), value: [{ base64Of: [hole] }] }],
      body: { kind: 'text', parts: template('{}') },
      timeoutMs: 1,
      redirect: 'error',
    };
    expect(problemsOf(request)).to.deep.equal([]);
  });

  it('tells every problem at once, each with its place, and no sentence has anything of the request in it', () => {
    const request: EgressRequest = {
      method: 'TRACE' as 'GET',
      url: text(`https://127.0.0.1/${canary}`),
      query: [{ name: [hole], value: [] }],
      headers: [
        header('{}', ''),
        header('Host', canary),
        header('X', `${canary}\n`),
        header('Range', 'bytes=0-1'),
        header(`${canary} `, ''),
      ],
      body: { kind: 'form', fields: [{ name: [{ base64Of: [hole] }], value: [{ secretKeyId: otherKeyId }] }] },
      timeoutMs: Number.NaN,
    };
    const problems = openDoor().check(request, anyHost);
    expect(problems.map(({ code, field, secretKeyId }) => ({ code, field, secretKeyId }))).to.deep.equal([
      refusal('REQUEST_INVALID', 'method'),
      refusal('REQUEST_INVALID', 'timeoutMs'),
      refusal('ADDRESS_REFUSED', 'url'),
      refusal('KEY_PLACE_REFUSED', 'query[0].name', keyId),
      refusal('KEY_PLACE_REFUSED', 'headers[0].name', keyId),
      refusal('HEADER_REFUSED', 'headers[1].name'),
      refusal('HEADER_INVALID', 'headers[2].value'),
      refusal('HEADER_REFUSED', 'headers[3].name'),
      refusal('HEADER_INVALID', 'headers[4].name'),
      refusal('KEY_PLACE_REFUSED', 'body.fields[0].name', keyId),
      refusal('KEY_UNKNOWN', 'body', otherKeyId),
    ]);
    expect(JSON.stringify(problems)).not.to.contain(canary);
  });

  for (const url of [
    ...[
      '{}',
      '{}://example.com/',
      'http{}://example.com/',
      'https:{}',
      'https://{}',
      'https://{}/',
      'https://{}.example.com/',
    ],
    ...[
      'https://example.{}/',
      'https://ü{}.example.com/',
      'https://example.com{}',
      'https://example.com:{}/',
      'https://example.com:4{}/',
    ],
    ...[
      'https://{}@example.com/',
      'https://user:{}@example.com/',
      'https://example.com/#{}',
      'https://example.com/?{}',
      'https://example.com/?{}=1',
    ],
    ...[
      'https://example.com/?a=1&{}',
      'https://example.com/?a=1&b{}=2',
      'https://example.com/{}/../x',
      'https://example.com/x/{}/%2e%2e/',
    ],
    ...[
      'https://example.com/%{}',
      'https://example.com/%2{}',
      'https://example.com/?a=%{}',
      'https://example.com/?a=%F{}',
      'https://example.com/%\n{}',
    ],
    ...['https:\\\\example.com{}', 'https:/\\{}/', '{}example.com', '/{}', 'https://[{}]/', 'https://1.2.3.{}/'],
  ]) {
    it(`refuses a key in «${url.replace('\n', '\\n')}»`, () => {
      expect(problemsOf(requestTo(url))).to.deep.equal([refusal('KEY_PLACE_REFUSED', 'url', keyId)]);
      const derived = template(url).map((part): Part => ('text' in part ? part : { base64Of: [{ text: 'a:' }, part] }));
      expect(problemsOf({ ...requestTo(''), url: derived })).to.deep.equal([
        refusal('KEY_PLACE_REFUSED', 'url', keyId),
      ]);
    });
  }

  for (const url of [
    ...[
      '',
      'example.com',
      '/path',
      '//example.com/',
      'https://',
      'https:///',
      'https://exa mple.com/',
      'https://example.com:99999/',
    ],
    ...[
      'ftp://example.com/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/plain,x',
      'blob:https://example.com/x',
      'ws://example.com/',
    ],
    ...[
      'https://user@example.com/',
      'https://user:password@example.com/',
      'https://:password@example.com/',
      'https://example.com./',
    ],
    ...[
      'https://[::1',
      'https://[fe80::1%25eth0]/',
      'https://1.2.3.4.5/',
      'https://256.1.1.1/',
      'https://0x100000000/',
      'https://xn--/',
    ],
  ]) {
    it(`refuses «${url}» as a URL`, () => {
      expect(problemsOf(requestTo(url))).to.deep.equal([refusal('URL_INVALID', 'url')]);
    });
  }

  for (const name of [
    ...[
      'Host',
      'HOST',
      'Connection',
      'Keep-Alive',
      'Proxy-Authorization',
      'Proxy-Connection',
      'proxy-anything',
      'TE',
      'Trailer',
    ],
    ...['Transfer-Encoding', 'Upgrade', 'Content-Length', 'Expect', 'Accept-Encoding', 'HTTP2-Settings'],
  ]) {
    it(`refuses the header ${name}`, () => {
      expect(problemsOf(requestTo('https://example.com/', { headers: [header(name, 'x')] }))).to.deep.equal([
        refusal('HEADER_REFUSED', 'headers[0].name'),
      ]);
    });
  }

  it('refuses a header whose name is no token or whose text could start another line, in the content type as well', () => {
    const names = ['', ' ', 'a b', 'a:', 'a\r\nb', 'é', 'a\0', '(a)', 'a,b', '"a"'];
    const values = ['a\rb', 'a\nb', 'a\r\nX: y', 'a\0b', 'é', '\u2028', '\x7f', '\x1b', '中', '\ud800'];
    expect(
      problemsOf(requestTo('https://example.com/', { headers: names.map((name) => header(name, 'x')) })),
    ).to.deep.equal(names.map((_, index) => refusal('HEADER_INVALID', `headers[${index}].name`)));
    expect(
      problemsOf(requestTo('https://example.com/', { headers: values.map((value) => header('X', value)) })),
    ).to.deep.equal(values.map((_, index) => refusal('HEADER_INVALID', `headers[${index}].value`)));
    for (const contentType of values) {
      const body = { kind: 'text', parts: [], contentType } as const;
      expect(problemsOf(requestTo('https://example.com/', { method: 'POST', body }))).to.deep.equal([
        refusal('HEADER_INVALID', 'body.contentType'),
      ]);
    }
  });

  it('refuses a range with a key anywhere in the request, and no range without one', () => {
    const range = header('range', 'bytes=0-9');
    const withKeys = [
      requestTo('https://example.com/{}', { headers: [range] }),
      requestTo('https://example.com/', { headers: [range, header('X', '{}')] }),
      requestTo('https://example.com/', { headers: [range], query: [{ name: [], value: [hole] }] }),
      requestTo('https://example.com/', {
        method: 'POST',
        headers: [range],
        body: { kind: 'json', value: { array: [{ object: [{ name: 'a', value: { string: [hole] } }] }] } },
      }),
    ];
    for (const request of withKeys)
      expect(problemsOf(request)).to.deep.equal([refusal('HEADER_REFUSED', 'headers[0].name')]);
    expect(problemsOf(requestTo('https://example.com/', { headers: [range] }))).to.deep.equal([]);
  });

  it('refuses a body of GET and HEAD, and JSON that is too deep or no JSON', () => {
    const parts = { kind: 'text', parts: [] } as const;
    for (const method of ['GET', 'HEAD'] as const) {
      expect(problemsOf(requestTo('https://example.com/', { method, body: parts }))).to.deep.equal([
        refusal('REQUEST_INVALID', 'body'),
      ]);
    }
    const nested = (levels: number): JsonParts =>
      Array.from({ length: levels }).reduce<JsonParts>((inner) => ({ array: [inner] }), { string: [hole] });
    const json = (value: JsonParts) =>
      requestTo('https://example.com/', { method: 'POST', body: { kind: 'json', value } });
    for (const value of [nested(100), nested(20_000), Number.NaN, { array: [Number.POSITIVE_INFINITY] }]) {
      expect(problemsOf(json(value)).slice(0, 1)).to.deep.equal([refusal('REQUEST_INVALID', 'body')]);
    }
    expect(problemsOf(json(nested(99)))).to.deep.equal([]);
  });

  it('holds each place of a key against the placements of the key: a header, the URL with its path, the body', () => {
    const requests = {
      HEADER: [requestTo('https://example.com/', { headers: [header('X', '{}')] })],
      QUERY: [
        requestTo('https://example.com/{}'),
        requestTo('https://example.com/?a={}'),
        requestTo('https://example.com/', { query: [{ name: text('a'), value: [{ base64Of: [hole] }] }] }),
      ],
      BODY: [
        requestTo('https://example.com/', { method: 'POST', body: { kind: 'text', parts: [hole] } }),
        requestTo('https://example.com/', { method: 'POST', body: { kind: 'json', value: { string: [hole] } } }),
        requestTo('https://example.com/', {
          method: 'POST',
          body: { kind: 'form', fields: [{ name: [], value: [hole] }] },
        }),
      ],
    };
    const names = ['HEADER', 'QUERY', 'BODY'] as const;
    for (const place of names) {
      for (const allowed of names) {
        const codes = requests[place].flatMap((request) =>
          problemsOf(request, keysOf({ allowsAnyHost: true, placements: [allowed] })).map(({ code }) => code),
        );
        const expected: EgressErrorCode[] = requests[place].map(() => 'KEY_PLACEMENT_REFUSED');
        expect(codes, `${place} with ${allowed}`).to.deep.equal(place === allowed ? [] : expected);
      }
    }
  });
});
