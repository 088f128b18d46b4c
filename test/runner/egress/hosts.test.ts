import { expect } from 'chai';
import type { EgressProblem } from '../../../src/runner/egress/egress-error.js';
import type { EgressRequest } from '../../../src/runner/egress/egress-request.js';
import {
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
  text,
} from './fixtures.js';

const anyHost = keysOf({ allowsAnyHost: true });

const problemsOf = (request: EgressRequest, keys = anyHost): Omit<EgressProblem, 'message'>[] =>
  openDoor()
    .check(request, keys)
    .map(({ code, field, secretKeyId }) => ({ code, field, secretKeyId }));

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
