import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalOrder, encode, type Field } from '../../src/vault/encoding.js';
import { hex } from './fixtures.js';

const smallText = fc.string({ unit: fc.constantFrom('a', 'b', 's', '\0'), maxLength: 4 });
const { field } = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: -2, max: 2 }),
    smallText,
    fc.uint8Array({ maxLength: 3 }),
    fc.array(tie('field'), { maxLength: 3 }),
  ),
}));

describe('vault encoding', () => {
  it('frames each field with its type and length', () => {
    expect(hex(encode(['é', -1, true, null, Uint8Array.of(255)]))).to.equal(
      ['6c00000025', '7300000002c3a9', '6900000008ffffffffffffffff', '620000000101', '6e00000000', '7800000001ff'].join(
        '',
      ),
    );
  });

  it('gives different bytes to different fields, none the beginning of another', () => {
    fc.assert(
      fc.property(field, field, (one, other) => {
        const [a, b] = [hex(encode(one)), hex(encode(other))];
        const same = JSON.stringify(tagged(one)) === JSON.stringify(tagged(other));
        expect(a.startsWith(b)).to.equal(same);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not let text move from one field to the next', () => {
    expect(hex(encode(['ab', 'c']))).not.to.equal(hex(encode(['a', 'bc'])));
    expect(hex(encode([['a'], 'b']))).not.to.equal(hex(encode(['a', ['b']])));
    expect(hex(encode(['1']))).not.to.equal(hex(encode([1])));
    expect(hex(encode([null]))).not.to.equal(hex(encode([''])));
  });

  it('refuses what has no bytes of its own, and does not quote it', () => {
    expect(() => encode('canary\ud800')).to.throw(TypeError, /^Text with a lone surrogate cannot be encoded\.$/);
    for (const number of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => encode(number)).to.throw(RangeError, /^Only a safe integer can be encoded\.$/);
    }
  });

  it('orders a set by its members alone, keeps each of them, and leaves the list it was given as it is', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 5 }), (fields) => {
        const before = hex(encode(fields));
        const ordered = hex(encode(canonicalOrder(fields)));
        expect(hex(encode(canonicalOrder([...fields].reverse())))).to.equal(ordered);
        expect(ordered.length).to.equal(before.length);
        expect(hex(encode(fields))).to.equal(before);
      }),
    );
  });
});

/** A JSON form that tells the kinds of fields apart, made without the code under test. */
function tagged(value: Field): unknown {
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  return value.map(tagged);
}
