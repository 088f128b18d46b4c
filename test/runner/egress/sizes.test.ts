import { expect } from 'chai';
import type { EgressRequest, JsonParts, Part } from '../../../src/runner/egress/egress-request.js';
import { lend } from '../../../src/runner/egress/parts.js';
import {
  bodyText,
  canary,
  closeAll,
  doorTo,
  header,
  hole,
  keyId,
  keysOf,
  options,
  refusal,
  refusalOf,
  requestTo,
  serve,
  text,
} from './fixtures.js';

/** The canary's 29 bytes count as the 64 of their padding. */
const limits = { urlBytes: 200, requestHeaderBytes: 200, requestBytes: 1000 };

describe('the size of a request', () => {
  afterEach(closeAll);

  const send = async (rest: (origin: string) => Partial<EgressRequest>) => {
    const { port, origin, seen } = await serve((_, response, body) => response.end(body));
    const keys = keysOf({ allowedHosts: [`http://${new URL(origin).host}`] });
    const sending = doorTo(port, { limits }).send(requestTo(`${origin}/`, rest(origin)), keys, options());
    return { sending, seen };
  };
  const refused = async (rest: (origin: string) => Partial<EgressRequest>) => {
    const { sending, seen } = await send(rest);
    const refusal = await refusalOf(sending);
    expect(seen).to.deep.equal([]);
    return refusal;
  };
  const body = (parts: Part[]): Partial<EgressRequest> => ({ method: 'POST', body: { kind: 'text', parts } });
  const json = (value: JsonParts): Partial<EgressRequest> => ({ method: 'POST', body: { kind: 'json', value } });
  const form = (...values: Part[][]): Partial<EgressRequest> => ({
    method: 'POST',
    body: { kind: 'form', fields: values.map((value) => ({ name: text('f'), value })) },
  });
  const holes = (count: number): Part[] => Array.from({ length: count }, () => hole);

  it('is refused by its part when that has more than the limit, before anything is sent', async () => {
    expect([
      await refused((origin) => ({ url: [...text(`${origin}/`), ...holes(3)] })),
      await refused(() => ({
        query: [
          { name: text('q'), value: holes(1) },
          { name: text('r'), value: holes(2) },
        ],
      })),
      await refused(() => ({ headers: [header('a', '{}'), header('b', `{}{}{}`)] })),
      await refused(() => ({
        headers: [{ name: text('a'), value: [{ base64Of: Array(3).fill({ secretKeyId: keyId }) }] }],
      })),
      await refused(() => body(text('é'.repeat(500)))),
      await refused(() => body(holes(16))),
      await refused(() =>
        json({ array: [{ string: holes(8) }, { object: [{ name: 'x', value: { string: holes(8) } }] }] }),
      ),
      await refused(() => form(holes(8), holes(8))),
      await refused(() => ({ method: 'POST', body: { kind: 'bytes', bytes: new Uint8Array(1000) } })),
    ]).to.deep.equal([
      refusal('REQUEST_TOO_LARGE', 'url'),
      refusal('REQUEST_TOO_LARGE', 'query[1].value'),
      refusal('REQUEST_TOO_LARGE', 'headers[1].value'),
      refusal('REQUEST_TOO_LARGE', 'headers[0].value'),
      ...Array(5).fill(refusal('REQUEST_TOO_LARGE', 'body')),
    ]);
  });

  it('lets through what has just the limit, with a key counted as its padding makes it', async () => {
    const { sending } = await send((origin) => body([...holes(15), ...text('x'.repeat(40 - origin.length - 1))]));
    expect(bodyText(await sending)).to.match(new RegExp(`^(${canary}){15}x+$`));
    const more = (length: number) => (origin: string) =>
      body([...holes(15), ...text('x'.repeat(length - origin.length))]);
    expect(await refused(more(40))).to.deep.equal(refusal('REQUEST_TOO_LARGE', 'body'));
  });

  it('bounds what is made with a key outside of a request', () => {
    expect(lend(holes(4096), keysOf(), ({ length }) => length)).to.equal(4096 * canary.length);
    expect(() => lend(holes(4097), keysOf(), () => null)).to.throw('What is made with a key is larger than the limit.');
  });
});
