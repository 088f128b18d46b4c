import { expect } from 'chai';
import fc from 'fast-check';
import type { JsonParts } from '../../../src/runner/egress/egress-request.js';
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
  refusal,
  refusalOf,
  requestTo,
  serve,
  template,
  text,
} from './fixtures.js';

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
