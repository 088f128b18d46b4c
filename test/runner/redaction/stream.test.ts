import { expect } from 'chai';
import fc from 'fast-check';
import { patternsOf } from '../../../src/runner/redaction/patterns.js';
import { mask, Redactor, type SecretValue, withheld } from '../../../src/runner/redaction/redactor.js';
import { canary, keyId, otherKeyId, redactorOf, secret } from './fixtures.js';
import { referenceMask, referencePatterns } from './reference.js';

const place = { kind: 'output', path: '$.body' } as const;

function streamed(redactor: Redactor, chunks: readonly Uint8Array[], truncated = false): Buffer {
  const stream = redactor.stream(place);
  const given = chunks.map((chunk) => Buffer.from(stream.push(chunk)));
  return Buffer.concat([...given, stream.end({ truncated })]);
}

function cut(text: Uint8Array, widths: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const width = widths[turn % widths.length] ?? 1;
    chunks.push(text.subarray(at, at + width));
    at += width;
  }
  return chunks;
}

describe('a redaction stream', () => {
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', 'A'), minLength: 8, maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom('a', 'b', '&', ' ', '"', '\\', '\n', '[', ']', 'é', '🔥'),
      minLength: 8,
      maxLength: 30,
    }),
    fc.string({ unit: 'binary', minLength: 8, maxLength: 40 }),
    fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 250, maxLength: 600 }),
    fc.constantFrom('redacted', '[redacted]', 'edacted]x', 'x[redacte'),
  );

  it('gives what a search of every pattern at every place gives, wherever 10,000 random texts are cut into chunks', function () {
    this.timeout(240_000);
    let masked = 0;
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.array(
          fc.record({
            picks: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(6), fc.nat(1500)), { minLength: 3, maxLength: 14 }),
            widths: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 6 }),
          }),
          { minLength: 50, maxLength: 50 },
        ),
        (words, cases) => {
          const values = words.map((text) => secret(text));
          const redactor = new Redactor(values);
          const sources = [
            ...values.flatMap(({ bytes }) => patternsOf(bytes).map((pattern) => pattern.bytes)),
            mask.bytes,
          ];
          const patterns = referencePatterns(values);
          for (const { picks, widths } of cases) {
            const text = Buffer.concat(picks.map((pick) => piece(pick, sources)));
            const expected = referenceMask(text, patterns);
            expect(streamed(redactor, cut(text, widths)).equals(expected), text.toString('latin1')).to.equal(true);
            masked += expected.equals(text) ? 0 : 1;
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(masked).to.be.greaterThan(5000);
  });

  /** A pattern, one without its end, one twice, or what is between. */
  function piece([which, noise, form, length]: readonly number[], sources: readonly Uint8Array[]): Uint8Array {
    const source = sources[(which ?? 0) % sources.length] ?? new Uint8Array();
    if (form === 0) return source.subarray(0, -1);
    if (form === 1) return Buffer.concat([source, source]);
    if (form === 2) return source.subarray((noise ?? 0) % 4);
    if (form === 3) return Uint8Array.from({ length: length ?? 0 }, (_, at) => 97 + ((at * (noise ?? 1)) % 3));
    if (form === 4) return Buffer.alloc((length ?? 0) % 20, ' [ab]');
    return source;
  }

  it('gives the same output and the same receipt for every place of a cut', () => {
    const noise = 'x'.repeat(1500);
    const text = Buffer.from(
      `${noise}${canary}${encodeURIComponent(`${canary}&`)}${noise}[redacted]${canary.toUpperCase()}`,
    );
    const whole = redactorOf(canary);
    const expected = streamed(whole, [text]).toString();
    expect(expected).to.equal(`${noise}[redacted]%26${noise}[redacted]`);
    for (let at = 0; at <= text.length; at += 1) {
      const redactor = redactorOf(canary);
      expect(streamed(redactor, [text.subarray(0, at), text.subarray(at)]).toString()).to.equal(expected);
      expect(redactor.receipt()).to.deep.equal(whole.receipt());
    }
    expect(whole.receipt()).to.deep.equal([
      { secretKeyId: keyId, origin: 'value', place, encoding: 'raw', count: 1 },
      { secretKeyId: keyId, origin: 'value', place, encoding: 'case-folded', count: 1 },
    ]);
  });

  it('makes one mask and one entry of a value of 64 KiB that comes byte by byte', () => {
    const value = Buffer.from(Array.from({ length: 65_536 }, (_, at) => 97 + ((at * at) % 23)));
    const redactor = redactorOf(value);
    const text = Buffer.concat([Buffer.from('<'), value, Buffer.from('>')]);
    expect(streamed(redactor, cut(text, [7])).toString()).to.equal('<[redacted]>');
    expect(redactor.receipt()).to.deep.equal([
      { secretKeyId: keyId, origin: 'value', place, encoding: 'raw', count: 1 },
    ]);
  });

  it('masks the beginning of a value at a truncated end, from 4 bytes on, and leaves it at an end that was not cut', () => {
    const results = [3, 4, 12, canary.length - 1].map((length) => {
      const redactor = redactorOf(canary);
      const text = Buffer.from(`before ${canary.slice(0, length)}`);
      const kept = streamed(redactorOf(canary), [text]).toString();
      return { kept, cut: streamed(redactor, cut(text, [5]), true).toString(), receipt: redactor.receipt() };
    });
    const receipt = [{ secretKeyId: keyId, origin: 'value', place, encoding: 'prefix', count: 1 }];
    expect(results).to.deep.equal([
      { kept: 'before can', cut: 'before can', receipt: [] },
      { kept: 'before cana', cut: 'before [redacted]', receipt },
      { kept: 'before canary-1f0c9', cut: 'before [redacted]', receipt },
      { kept: `before ${canary.slice(0, -1)}`, cut: 'before [redacted]', receipt },
    ]);
  });

  it('masks the beginning of an encoded value, and of a long value after its whole pieces, at a truncated end', () => {
    const base64 = Buffer.from(canary).toString('base64').slice(0, 20);
    expect(streamed(redactorOf(canary), [Buffer.from(`k=${base64}`)], true).toString()).to.equal('k=[redacted]');
    const long = Array.from({ length: 900 }, (_, at) => String.fromCharCode(97 + ((at * at * 7) % 25))).join('');
    expect(streamed(redactorOf(long), [Buffer.from(`k=${long.slice(0, 700)}`)], true).toString()).to.equal(
      'k=[redacted]',
    );
  });

  it('names every key in a mask that two values share', () => {
    const values: SecretValue[] = [secret('canary-overlap-left'), secret('left-canary-right', otherKeyId)];
    const redactor = new Redactor(values);
    expect(streamed(redactor, [Buffer.from('<canary-overlap-left-canary-right>')]).toString()).to.equal('<[redacted]>');
    expect(redactor.receipt()).to.deep.equal([
      { secretKeyId: keyId, origin: 'value', place, encoding: 'raw', count: 1 },
      { secretKeyId: otherKeyId, origin: 'value', place, encoding: 'raw', count: 1 },
    ]);
  });

  it('does not change when the chunk that was given to it changes afterwards', () => {
    const stream = redactorOf(canary).stream(place);
    const chunk = Buffer.from('before canary-1f0c');
    stream.push(chunk);
    chunk.fill(0);
    stream.push(Buffer.from('9b27-not-a-real-key after'));
    expect(Buffer.from(stream.end({ truncated: false })).toString()).to.equal('before [redacted] after');
  });

  it('finds a value that is added while it is open', () => {
    const redactor = redactorOf(canary);
    const stream = redactor.stream(place);
    stream.push(Buffer.from('a '));
    redactor.add({ secretKeyId: otherKeyId, origin: 'jwt', bytes: Buffer.from('canary.jwt.not-a-real-token') });
    stream.push(Buffer.from('canary.jwt.not-a-real-token b'));
    expect(Buffer.from(stream.end({ truncated: false })).toString()).to.equal('a [redacted] b');
    expect(redactor.receipt()).to.deep.equal([
      { secretKeyId: otherKeyId, origin: 'jwt', place, encoding: 'raw', count: 1 },
    ]);
  });

  it('withholds everything that it has not given out once something fails, and gives nothing after its end', () => {
    const redactor = redactorOf(canary);
    const stream = redactor.stream(place);
    const before = Buffer.from(stream.push(Buffer.alloc(5000, 'b'))).toString();
    redactor.destroy();
    const given = [
      stream.push(Buffer.from(canary.repeat(100))),
      stream.push(Buffer.from('x')),
      stream.end({ truncated: false }),
    ];
    expect(/^b+$/.test(before)).to.equal(true);
    expect(given.map((bytes) => Buffer.from(bytes).toString())).to.deep.equal(['', '', withheld.text]);
    expect([stream.push(Buffer.from('x')), stream.end({ truncated: true })].map(({ length }) => length)).to.deep.equal([
      0, 0,
    ]);
    expect(redactor.withheldCount).to.equal(1);
  });

  it('withholds what it cannot record', () => {
    const redactor = redactorOf(canary);
    const unreadable = {
      kind: 'header' as const,
      get name(): string {
        throw new Error('no name');
      },
    };
    const stream = redactor.stream(unreadable);
    expect(stream.push(Buffer.from(`x ${canary} y`)).length).to.equal(0);
    expect(Buffer.from(stream.end({ truncated: false })).toString()).to.equal(withheld.text);
  });
});
