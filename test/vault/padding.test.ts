import { expect } from 'chai';
import fc from 'fast-check';
import { pad, paddedLength, unpad } from '../../src/vault/padding.js';

describe('vault padding', () => {
  it('takes a block to these lengths: buckets of 64, then the steps of Padmé', () => {
    const lengths = [5, 64, 65, 128, 129, 1024, 1025, 2048, 2049, 4097, 8193, 16_385, 32_769, 65_537, 65_540];
    expect(lengths.map((length) => [length, paddedLength(length)])).to.deep.equal([
      [5, 64],
      [64, 64],
      [65, 128],
      [128, 128],
      [129, 192],
      [1024, 1024],
      [1025, 1088],
      [2048, 2048],
      [2049, 2176],
      [4097, 4352],
      [8193, 8704],
      [16_385, 17_408],
      [32_769, 34_816],
      [65_537, 67_584],
      [65_540, 67_584],
    ]);
  });

  it('gives all values up to 64 KiB no more than 113 lengths, and above 2 KiB costs less than an eighth', () => {
    const lengths = Array.from({ length: 65_536 }, (_, index) => index + 5);
    expect(new Set(lengths.map(paddedLength)).size).to.equal(113);
    expect(lengths.filter((length) => length > 2048 && paddedLength(length) >= length * 1.125)).to.deep.equal([]);
    expect(lengths.filter((length) => paddedLength(length) < length)).to.deep.equal([]);
  });

  it('gives back the value that was padded, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), (value) => {
        expect(unpad(pad(value))).to.deep.equal(value);
      }),
    );
  });

  it('gives back a value of the least and the greatest length, and refuses one byte less or more', () => {
    for (const length of [1, 65_536]) {
      const value = new Uint8Array(length).fill(7);
      expect(unpad(pad(value))).to.deep.equal(value);
    }
    for (const length of [0, 65_537]) {
      expect(() => pad(new Uint8Array(length))).to.throw(RangeError, /^A value has 1 to 65536 bytes\.$/);
    }
  });

  it('refuses padding that is not zero, at every place', () => {
    const padded = pad(Uint8Array.of(1, 2, 3));
    for (let index = 7; index < padded.length; index += 1) {
      const changed = padded.map((byte, at) => (at === index ? 1 : byte));
      expect(() => unpad(changed), `byte ${index}`).to.throw(RangeError, /^The padding is not valid\.$/);
    }
  });

  it('refuses a block that is longer or shorter than its value asks for, and a length beyond the limits', () => {
    const padded = pad(Uint8Array.of(1, 2, 3));
    const longer = new Uint8Array(128);
    longer.set(padded);
    const empty = new Uint8Array(64);
    const endless = new Uint8Array(64).fill(255, 0, 4);
    for (const block of [padded.subarray(0, 63), padded.subarray(0, 7), longer, empty, endless]) {
      expect(() => unpad(block)).to.throw(RangeError, /^The padding is not valid\.$/);
    }
    expect(() => unpad(new Uint8Array(3))).to.throw(RangeError);
  });

  it('reads a block that lies inside of a larger buffer', () => {
    const buffer = new Uint8Array(200).fill(9);
    buffer.set(pad(Uint8Array.of(1, 2, 3)), 50);
    expect(unpad(buffer.subarray(50, 114))).to.deep.equal(Uint8Array.of(1, 2, 3));
  });
});
