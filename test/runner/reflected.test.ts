/**
 * A value that a server writes in each way of the redactor's own test writers, and sends back in each place of an answer. Judged as
 * those are: no 16 bytes in a row of what was written are left.
 */
import { createServer, validateHeaderName, validateHeaderValue } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { SecretKeyId } from '../../src/ids.js';
import { newTeam, sharedApi, type TestApi } from '../support/api.js';
import { createSecretKey } from '../support/operations.js';
import { codeStep, queueRun, requestStep, text, untilEnded } from '../support/queued-runs.js';
import { startTestRunner, type TestRunner } from '../support/runner.js';
import { uniqueName } from '../support/secret-keys.js';
import { survives, writers } from './redaction/writers.js';

/** With what encodings change: quotes, `&`, a backslash, `$`, `<`, a space, more than ASCII. */
const anyText = `canary-b7&"\\$'<7é漢1f-not-a-real key'`;
/** What a header name and a URL may have, as it stands. A URL with other characters is written anew by whoever parses it. */
const token = 'canary-b7%1f-not-a-real-key';

const places = ['body', 'header-value', 'header-name', 'location'] as const;
type Place = (typeof places)[number];

/** As the octets of a header field. */
const octets = (written: string | Uint8Array): string => Buffer.from(written).toString('latin1');

/** Whether Node.js sends it there at all. */
function fits(place: Place, written: string | Uint8Array): boolean {
  try {
    if (place === 'header-name') validateHeaderName(octets(written));
    else if (place !== 'body') validateHeaderValue('x-echo', octets(written));
    return true;
  } catch {
    return false;
  }
}

/** Every text in it, unescaped, and every key. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)])
    : [String(value)];

describe('what a server writes of a value', () => {
  let api: TestApi;
  let host: string;
  let runner: TestRunner;
  const server = createServer(async (request, response) => {
    const query = new URL(request.url ?? '', 'http://reflecting.test').searchParams;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const written = writers[Number(query.get('writer'))]?.write(Buffer.concat(chunks).toString());
    if (written === undefined) return response.end('landed');
    switch (query.get('place')) {
      case 'header-value':
        return response.setHeader('x-echo', octets(written)).end();
      case 'header-name':
        return response.setHeader(octets(written), 'here').end();
      case 'location':
        return response.writeHead(302, { location: octets(written) }).end();
      default:
        return response.end(written);
    }
  });

  before(async () => {
    api = await sharedApi();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    runner = await startTestRunner(api, { privateHosts: [host] });
  });
  after(async () => {
    await runner.close();
    server.closeAllConnections();
    server.close();
  });

  for (const place of places) {
    it(`is gone from output, logs, errors and the runner's log when it comes in the ${place}`, async () => {
      const team = await newTeam(api);
      const value = place === 'header-name' || place === 'location' ? token : anyText;
      const { createSecretKey: created } = await team.bob.data(createSecretKey, {
        input: { name: uniqueName(), value, allowedHosts: [`http://${host}`], placements: ['BODY'] },
      });
      const key = [{ kind: 'secretKey' as const, secretKeyId: created.secretKey.id as SecretKeyId }];
      const tried: string[] = [];
      const left: string[] = [];
      for (const [index, { name, write }] of writers.entries()) {
        const written = write(value);
        if (!fits(place, written)) continue;
        tried.push(name);
        const url = text(`http://${host}/?place=${place}&writer=${index}`);
        const body = { kind: 'text' as const, text: key, contentType: 'text/plain; charset=utf-8' };
        const expectStatus = [200, 302];
        const send = requestStep(team.bob.id, { method: 'POST', url, body, expectStatus });
        const code = codeStep(
          team.bob.id,
          `const response = await fetch(URL_TO, { method: 'POST', body: KEY, redirect: 'manual' });
           const text = [...response.headers].flat().join('\\n') + await response.text();
           console.log(text);
           throw new Error(text);`,
          {
            variables: [
              { name: 'KEY', value: key },
              { name: 'URL_TO', value: url },
            ],
          },
        );
        for (const step of [send, code]) {
          const id = await queueRun(api, team.organizationId, team.bob.id, [step]);
          const ended = await untilEnded(api, team.organizationId, id);
          const output = [...textsIn(ended), JSON.stringify(ended), runner.log.join('')].join('\n');
          const forms = [Buffer.from(written), Buffer.from(octets(written).toLowerCase())];
          for (const form of forms) {
            if (survives(form, Buffer.from(output)) || survives(form, Buffer.from(output, 'latin1')))
              left.push(`${name} in ${step.type}`);
          }
        }
      }
      expect(left).to.deep.equal([]);
      const [every, some] = [
        writers.map(({ name }) => name),
        ['raw', 'hexadecimal', 'base64url', 'backslashes of a shell'],
      ];
      if (place === 'body') expect(tried).to.deep.equal(every);
      else expect(tried).to.include.members(some);
    });
  }
});
