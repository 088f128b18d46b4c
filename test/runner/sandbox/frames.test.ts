import { expect } from 'chai';
import fc from 'fast-check';
import { FrameReader, frame } from '../../../src/runner/sandbox/frames.js';
import { ProtocolError } from '../../../src/runner/sandbox/protocol-error.js';

const limit = 1000;

describe('frames', () => {
  it('come out as they went in, wherever the bytes are cut', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 50 }), (sent, size) => {
        const bytes = Buffer.concat(sent.map(frame));
        const reader = new FrameReader(limit);
        const received: string[] = [];
        for (let at = 0; at < bytes.length; at += size) received.push(...reader.push(bytes.subarray(at, at + size)));
        expect(received).to.deep.equal(sent);
      }),
    );
  });

  it('of the greatest length are read, and one byte more is refused before the bytes are there', () => {
    const reader = new FrameReader(limit);
    expect([...reader.push(frame('x'.repeat(limit)))]).to.deep.equal(['x'.repeat(limit)]);
    expect(() => [...reader.push(frame('x'.repeat(limit + 1)).subarray(0, 4))]).to.throw(ProtocolError);
  });

  it('that are empty or not UTF-8 are refused', () => {
    for (const bytes of [
      [0, 0, 0, 0],
      [0, 0, 0, 2, 0xc3, 0x28],
      [0xff, 0xff, 0xff, 0xff],
    ]) {
      expect(() => [...new FrameReader(limit).push(Buffer.from(bytes))], String(bytes)).to.throw(ProtocolError);
    }
  });
});
