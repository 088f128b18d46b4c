import { expect } from 'chai';
import type { SecretKeyId } from '../../src/ids.js';
import { newTeam, startTestApi, type TestApi } from '../support/api.js';
import { codeStep, queueRun, requestStep, text, untilEnded } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';
import { startTestRunner, type TestRunner } from '../support/runner.js';
import { storedText } from '../support/stored.js';

/** With what encodings change: quotes, `&`, a backslash, `<`, a space, more than ASCII. */
const canary = `canary-c4&"\\'<7é1f-not a real-key`;

const bytes = Buffer.from(canary, 'utf8');
const unicodeEscaped = (value: string) =>
  [...value].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** What servers make of text. Each takes the header that they got, and sends it back so. */
const encodings: Readonly<Record<string, (value: string) => string | Buffer>> = {
  raw: (value) => value,
  json: (value) => JSON.stringify({ got: value }),
  jsonTwice: (value) => JSON.stringify(JSON.stringify({ got: value })),
  unicodeEscapes: unicodeEscaped,
  htmlSafeJson: (value) => JSON.stringify(value).replace(/[<&']/g, unicodeEscaped),
  percent: encodeURIComponent,
  percentLower: (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
  percentTwice: (value) => encodeURIComponent(encodeURIComponent(value)),
  form: (value) => new URLSearchParams({ value }).toString(),
  entities: (value) => value.replace(/[&<"']/g, (letter) => `&#${letter.charCodeAt(0)};`),
  hexEntities: (value) => value.replace(/[^a-z0-9]/gi, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`),
  base64: (value) => Buffer.from(value).toString('base64'),
  base64Shifted: (value) => Buffer.from(`x${value}yz`).toString('base64'),
  base64ShiftedTwice: (value) => Buffer.from(`xy${value}z`).toString('base64'),
  base64url: (value) => Buffer.from(value).toString('base64url'),
  hex: (value) => Buffer.from(value).toString('hex'),
  hexUpper: (value) => Buffer.from(value).toString('hex').toUpperCase(),
  byteList: (value) => JSON.stringify([...Buffer.from(value)]),
  utf16: (value) => Buffer.from(value, 'utf16le'),
  reversed: (value) => [...value].reverse().join(''),
  upperCase: (value) => value.toUpperCase(),
  backslashes: (value) => value.replace(/[^\w]/g, '\\$&'),
};

describe('a value that a server sends back', () => {
  let api: TestApi;
  let server: ReflectingServer;
  let runner: TestRunner;

  before(async () => {
    api = await startTestApi();
    // The value goes out in the body, which takes any byte.
    server = await startReflectingServer(encodings);
    runner = await startTestRunner(api, { privateHosts: [server.host] });
  });
  after(async () => {
    await runner.close();
    await server.close();
    await api.close();
  });

  for (const [name, encode] of Object.entries(encodings)) {
    it(`is in no output, no log, no error and no row, and not seen by code, when it comes as ${name}`, async () => {
      const team = await newTeam(api);
      const { createSecretKey } = await team.bob.data(
        'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
        {
          input: {
            name: 'Canary',
            value: canary,
            allowedHosts: [`http://${server.host}`],
            placements: ['BODY'],
          },
        },
      );
      const key = [{ kind: 'secretKey' as const, secretKeyId: createSecretKey.secretKey.id as SecretKeyId }];
      const url = `http://${server.host}/?as=${name}`;
      const request = requestStep(team.bob.id, {
        method: 'POST',
        url: text(url),
        body: { kind: 'text', text: key, contentType: 'text/plain; charset=utf-8' },
      });
      const code = codeStep(
        team.bob.id,
        `const response = await fetch(URL_TO, { method: 'POST', body: KEY });
         const bytes = new Uint8Array(await response.arrayBuffer());
         const seen = new TextDecoder().decode(bytes);
         console.log(seen);
         throw new Error(seen + [...bytes].join(','));`,
        {
          variables: [
            { name: 'KEY', value: key },
            { name: 'URL_TO', value: text(url) },
          ],
        },
      );
      const id = await queueRun(api, team.organizationId, team.bob.id, [request, code]);
      const ended = await untilEnded(api, team.organizationId, id);
      expect(server.received.splice(0).map(({ body }) => body)).to.deep.equal([canary, canary]);
      expect(ended.steps.map(({ state }) => state)).to.deep.equal(['SUCCEEDED', 'FAILED']);

      const left = JSON.stringify(ended) + runner.log.join('');
      for (const form of formsOf(encode)) expect(left.includes(form), 'what the run leaves').to.equal(false);
      // What code saw of the bytes is in its error, number by number.
      const sent = Buffer.from(encode(canary));
      const middle = sent.subarray(sent.length / 2 - 6, sent.length / 2 + 6);
      expect(left).not.to.include([...middle].join(','));
      const rows = await storedText(api.services.database);
      for (const form of formsOf(encode)) expect(rows.includes(form), 'the database').to.equal(false);
      expect(ended.steps[0]?.receipt?.length).to.be.greaterThan(0);
    });
  }

  /** What came, as a reader of JSON would search for it, and the value itself. */
  function formsOf(encode: (value: string) => string | Buffer): string[] {
    const sent = Buffer.from(encode(canary)).toString('utf8');
    const middle = sent.slice(4, -4);
    return [
      canary,
      JSON.stringify(canary).slice(1, -1),
      middle,
      JSON.stringify(middle).slice(1, -1),
      bytes.toString('hex'),
    ];
  }
});
