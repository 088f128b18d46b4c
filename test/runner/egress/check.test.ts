import { expect } from 'chai';
import fc from 'fast-check';
import type { EgressErrorCode, EgressProblem } from '../../../src/runner/egress/egress-error.js';
import type { EgressRequest, JsonParts, Part } from '../../../src/runner/egress/egress-request.js';
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
  otherKeyId,
  refusal,
  refusalOf,
  requestTo,
  serve,
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

describe('a private host that an operator lists', () => {
  afterEach(closeAll);

  const wanted = (url: string, allowedPrivateHosts: readonly string[]): boolean =>
    openDoor({ allowedPrivateHosts }).check(requestTo(url), new Map()).length === 0;

  it('is for the default port of either scheme without a port, and for that port alone with one', () => {
    const urls = [
      'http://10.0.0.5/',
      'https://10.0.0.5/',
      'http://10.0.0.5:443/',
      'http://10.0.0.5:8080/',
      'http://10.0.0.6/',
    ];
    const through = (host: string) => urls.filter((url) => wanted(url, [host]));
    expect([through('10.0.0.5'), through('10.0.0.5:80'), through('10.0.0.5:8080'), through('10.0.0.7')]).to.deep.equal([
      ['http://10.0.0.5/', 'https://10.0.0.5/'],
      ['http://10.0.0.5/'],
      ['http://10.0.0.5:8080/'],
      [],
    ]);
    expect([wanted('http://[::1]:81/', ['[::1]:81']), wanted('http://[::1]:82/', ['[::1]:81'])]).to.deep.equal([
      true,
      false,
    ]);
  });
});

describe('the hosts of a key', () => {
  const isAllowed = (url: string, allowedHosts: readonly string[], allowsAnyHost = false): boolean => {
    const request = requestTo(url, { headers: [header('X', '{}')] });
    const problems = problemsOf(request, keysOf({ allowedHosts, allowsAnyHost }));
    if (problems.length > 0) expect(problems).to.deep.equal([refusal('KEY_HOST_REFUSED', 'url', keyId)]);
    return problems.length === 0;
  };

  it('are none as long as nobody has chosen any', () => {
    expect(isAllowed('https://example.com/', [])).to.equal(false);
    expect(isAllowed('https://example.com/', [], true)).to.equal(true);
  });

  it('are reached over https alone, unless they are listed for http, also when any host is allowed', () => {
    expect(isAllowed('https://example.com/', ['http://example.com'])).to.equal(false);
    expect(isAllowed('http://example.com/', ['http://example.com'])).to.equal(true);
    expect(isAllowed('http://example.com/', ['example.com'])).to.equal(false);
    expect(isAllowed('http://example.com/', [], true)).to.equal(false);
    expect(isAllowed('http://example.com/', ['http://example.com'], true)).to.equal(true);
  });

  it('are compared as a whole, in the form that the URL has once it is parsed', () => {
    const rules = ['example.com', '[2606:4700::1]:8443', 'xn--bcher-kva.example', '8.8.8.8'];
    const allowed = [
      'https://EXAMPLE.com/',
      'https://example.com:443/',
      'https://ｅxample.com/',
      'https://[2606:4700:0::1]:8443/',
      'https://bücher.example/',
      'https://0x8.8.8.8/',
    ];
    const refused = [
      'https://example.com:444/',
      'https://example.comx/',
      'https://xexample.com/',
      'https://a.example.com/',
      'https://example.org/',
      'https://[2606:4700::1]/',
      'https://8.8.4.4/',
      'https://example.com.evil.example/',
    ];
    expect(allowed.filter((url) => !isAllowed(url, rules))).to.deep.equal([]);
    expect(refused.filter((url) => isAllowed(url, rules))).to.deep.equal([]);
  });

  it('have a wildcard for exactly one label, with the port that is listed', () => {
    const rules = ['*.example.com', '*.example.org:8443', 'http://*.example.net'];
    const allowed = [
      'https://a.example.com/',
      'https://a-b.example.com/',
      'https://a.example.org:8443/',
      'http://a.example.net/',
    ];
    const refused = [
      'https://example.com/',
      'https://a.b.example.com/',
      'https://.example.com/',
      'https://a.example.org/',
      'https://aexample.com/',
      'https://a.example.com:8443/',
      'https://a.example.net/',
    ];
    expect(allowed.filter((url) => !isAllowed(url, rules))).to.deep.equal([]);
    expect(refused.filter((url) => isAllowed(url, rules))).to.deep.equal([]);
  });

  it('must all allow the request when it has several keys', () => {
    const keys = new Map([
      ...keysOf({ allowedHosts: ['example.com'] }),
      ...keysOf({ id: otherKeyId, allowedHosts: ['example.org'] }),
    ]);
    const request = requestTo('https://example.com/', {
      headers: [{ name: text('X'), value: [hole, { base64Of: [{ secretKeyId: otherKeyId }] }] }],
    });
    expect(problemsOf(request, keys)).to.deep.equal([refusal('KEY_HOST_REFUSED', 'url', otherKeyId)]);
  });
});

describe('a value in a URL', () => {
  afterEach(closeAll);

  const structure = (path: string) => [
    path.split('/').length,
    path.split('?').length,
    path.split('&').length,
    path.split('=').length,
  ];

  it('never changes the structure of the URL, whatever the value is: it comes back whole from its place, or is refused', async () => {
    const { port, seen, origin } = await serve();
    const door = doorTo(port);
    const nasty = fc.constantFrom(
      '.',
      '..',
      '/',
      '\\',
      '?',
      '#',
      '%',
      '%2e',
      '%2F',
      '&',
      '=',
      ';',
      '@',
      ':',
      ' ',
      '\r\n',
      '\0',
      'é',
      '\u{1f511}',
      'a',
    );
    const value = fc.string({ unit: nasty, minLength: 1, maxLength: 6 }).filter((one) => one !== '');
    await fc.assert(
      fc.asyncProperty(value, async (one) => {
        seen.length = 0;
        const keys = keysOf({ allowedHosts: [origin], value: one });
        const request = requestTo(`${origin}/a/{}/b?c={}&d=e`);
        const isRefused = await door.send(request, keys, options()).then(
          () => false,
          (error: unknown) => {
            expect(error).to.include({ code: 'KEY_VALUE_UNFIT', field: 'url', secretKeyId: keyId });
            return true;
          },
        );
        expect(isRefused).to.equal(one.split(/[/\\]/).some((piece) => piece === '.' || piece === '..'));
        expect(seen.length).to.equal(isRefused ? 0 : 1);
        if (isRefused) return;
        const path = seen[0]?.url ?? '';
        expect(structure(path)).to.deep.equal(structure('/a/x/b?c=x&d=e'));
        expect(decodeURIComponent(path.split('/')[2] ?? '')).to.equal(one);
        expect(new URL(path, origin).searchParams.get('c')).to.equal(one);
      }),
      { numRuns: 150 },
    );
  });

  it('that completes a dot segment with the text around it is refused, however the text is written', async () => {
    for (const [url, value] of [
      ['/.{}/x', '.'],
      ['/{}./x', '.'],
      ['/%2e{}', '.'],
      ['/x/{}{}', '.'],
      ['/{}', 'a/../b'],
      ['/{}', '..\\b'],
      ['/{}/x', '..'],
    ] as const) {
      const keys = keysOf({ allowsAnyHost: true, value });
      const sending = openDoor().send(requestTo(`https://example.com${url}`), keys, options());
      expect(await refusalOf(sending), url).to.deep.equal(refusal('KEY_VALUE_UNFIT', 'url', keyId));
    }
  });
});

describe('a value elsewhere', () => {
  afterEach(closeAll);

  it('in a header is refused when it has a line break, a NUL or a letter that is not ASCII', async () => {
    for (const value of [
      `${canary}\r\nX-Injected: 1`,
      `${canary}\n`,
      `\r${canary}`,
      `${canary}\0`,
      `${canary}é`,
      `${canary}\x7f`,
    ]) {
      const request = requestTo(`http://${hostName}/`, { headers: [header('A', 'x'), header('X', 'Bearer {}')] });
      const sending = openDoor().send(request, keysOf({ allowedHosts: [`http://${hostName}`], value }), options());
      expect(await refusalOf(sending)).to.deep.equal(refusal('KEY_VALUE_UNFIT', 'headers[1].value', keyId));
    }
  });

  it('in JSON is refused when it is not UTF-8', async () => {
    const request = requestTo('https://example.com/', {
      method: 'POST',
      body: { kind: 'json', value: { string: [hole] } },
    });
    const sending = openDoor().send(request, keysOf({ allowsAnyHost: true, value: Uint8Array.of(0xff) }), options());
    expect(await refusalOf(sending)).to.deep.equal(refusal('KEY_VALUE_UNFIT', 'body', keyId));
  });

  it('in JSON and in a form comes back from the parser of the other side as it was', async () => {
    const { port, seen, origin } = await serve();
    const door = doorTo(port);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', minLength: 1 }).filter((one) => one.isWellFormed()),
        async (value) => {
          seen.length = 0;
          const keys = keysOf({ allowedHosts: [origin], value });
          const json: JsonParts = { object: [{ name: 'k', value: { string: template('a{}"') } }] };
          const fields = [{ name: text('k&='), value: template('a{}&') }];
          await door.send(requestTo(origin, { method: 'POST', body: { kind: 'json', value: json } }), keys, options());
          await door.send(requestTo(origin, { method: 'POST', body: { kind: 'form', fields } }), keys, options());
          expect(JSON.parse(seen[0]?.body ?? '')).to.deep.equal({ k: `a${value}"` });
          expect([...new URLSearchParams(seen[1]?.body)]).to.deep.equal([['k&=', `a${value}&`]]);
        },
      ),
      { numRuns: 50, examples: [['\ufeffa']] },
    );
  });
});

describe('hosts for code that holds values itself', () => {
  afterEach(closeAll);

  it('are the only ones that a request may go to', async () => {
    const { port, seen, origin } = await serve();
    const send = (restrictHosts: readonly string[]) =>
      doorTo(port).send(requestTo(origin), new Map(), options({ restrictHosts }));
    expect(await refusalOf(send([]))).to.deep.equal(refusal('HOST_REFUSED', 'url'));
    expect(await refusalOf(send([`${hostName}:${port}`, 'http://other.test']))).to.deep.equal(
      refusal('HOST_REFUSED', 'url'),
    );
    expect(seen).to.deep.equal([]);
    expect((await send([origin])).status).to.equal(200);
  });
});
