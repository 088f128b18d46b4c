import { expect } from 'chai';
import fc from 'fast-check';
import type { SecretKeyId } from '../../src/ids.js';
import { base64Values } from '../../src/runner/base64-values.js';
import type { EgressKey, PlainPart } from '../../src/runner/egress/egress-request.js';
import { Redactor } from '../../src/runner/redaction/redactor.js';
import { OpenedValue } from '../../src/vault/open.js';

const id = 'key' as SecretKeyId;

function keysOf(value: Uint8Array): ReadonlyMap<SecretKeyId, EgressKey> {
  const terms = { id, name: 'Key', allowedHosts: [], allowsAnyHost: true, placements: [] };
  return new Map([[id, { ...terms, value: new OpenedValue(Uint8Array.from(value)) }]]);
}

const values = (before: string, value: Uint8Array, after: string): string[] => {
  const parts: PlainPart[] = [{ text: before }, { secretKeyId: id }, { text: after }];
  return base64Values([{ text: 'Basic ' }, { base64Of: parts }], keysOf(value)).map(({ bytes }) =>
    Buffer.from(bytes).toString(),
  );
};

describe('the base64 of text with a value in it', () => {
  const text = fc.string({ maxLength: 300 });
  /** Of bytes that the text has not, so that they are found nowhere else. */
  const value = fc.uint8Array({ minLength: 8, maxLength: 60, min: 0x80 });

  it('has every character that the value decides masked, and its padding', () => {
    fc.assert(
      fc.property(text, value, text, (before, bytes, after) => {
        const redactor = new Redactor([]);
        for (const found of base64Values(
          [{ base64Of: [{ text: before }, { secretKeyId: id }, { text: after }] }],
          keysOf(bytes),
        )) {
          redactor.add(found);
        }
        const whole = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]).toString('base64');
        const start = Math.floor((before.length * 8) / 6);
        const end = Math.ceil(((before.length + bytes.length) * 8) / 6);
        const tail = whole.slice(end).replace(/^=+$/, '');
        expect(redactor.text(whole, { kind: 'error' })).to.equal(`${whole.slice(0, start)}[redacted]${tail}`);
      }),
    );
  });

  it('gives nothing of the text around it but the bytes that share a group of three with it', () => {
    fc.assert(
      fc.property(text, text, value, text, text, (before, otherBefore, bytes, after, otherAfter) => {
        const aligned = (start: string): string => `${start}${'...'.slice(start.length % 3)}...`;
        expect(values(aligned(before), bytes, `ab${after}`)).to.deep.equal(
          values(aligned(otherBefore), bytes, `ab${otherAfter}`),
        );
      }),
    );
  });

  it('is looked for with its neighbors as far as it would be too short alone', () => {
    expect(values('user:', Buffer.from('ab'), '')).to.deep.equal(['NlcjphYg', 'NlcjphYg==']);
    expect(values('', Buffer.from('abc'), ':secret')).to.deep.equal(['YWJjOnNl']);
    expect(values('', Buffer.from('a'), '')).to.deep.equal(['YQ', 'YQ==']);
  });
});
