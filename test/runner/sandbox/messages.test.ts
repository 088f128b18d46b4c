import { expect } from 'chai';
import fc from 'fast-check';
import { defaultSandboxLimits } from '../../../src/runner/sandbox/limits.js';
import { longestFrame, readChildMessage } from '../../../src/runner/sandbox/messages.js';
import { ProtocolError } from '../../../src/runner/sandbox/protocol-error.js';

const limits = { ...defaultSandboxLimits, resultBytes: 100, resultDepth: 3, logLineBytes: 10 };
const read = (message: unknown): unknown => readChildMessage(JSON.stringify(message), limits);

describe('what a child says', () => {
  it('is read when an honest child would say it', () => {
    for (const message of [
      { type: 'ready' },
      { type: 'logs-cut' },
      { type: 'log', level: 'warn', text: '0123456789' },
      { type: 'abandon', id: 1 },
      { type: 'waiting', milliseconds: null, replies: 0 },
      { type: 'waiting', milliseconds: 5, replies: 2 },
      { type: 'returned', output: { a: [[1]] } },
      { type: 'stopped', reason: 'MEMORY' },
    ]) {
      expect(read(message)).to.deep.equal(message);
    }
    expect(read({ type: 'call', id: 1, name: 'fetch', argument: {} })).to.deep.equal({
      type: 'call',
      id: 1,
      call: { name: 'fetch', argument: {} },
    });
    expect(read({ type: 'threw', name: 'Error', message: 'no', line: 2 })).to.deep.equal({
      type: 'threw',
      error: { name: 'Error', message: 'no', line: 2 },
    });
  });

  for (const [what, message] of [
    ['nothing', null],
    ['a list', []],
    ['no type', {}],
    ['an unknown type', { type: 'exec' }],
    ['another member', { type: 'ready', pid: 1 }],
    ['a member missing', { type: 'log', level: 'log' }],
    ['an unknown level', { type: 'log', level: 'fatal', text: '' }],
    ['a log line that is too long in bytes', { type: 'log', level: 'log', text: 'é'.repeat(6) }],
    ['a call of something else', { type: 'call', id: 1, name: 'open', argument: null }],
    ['a call of something inherited', { type: 'call', id: 1, name: 'toString', argument: null }],
    ['a call without a number', { type: 'call', id: '1', name: 'fetch', argument: null }],
    ['a negative number', { type: 'abandon', id: -1 }],
    ['a fraction', { type: 'waiting', milliseconds: 0.5, replies: 0 }],
    ['an output that is too large', { type: 'returned', output: 'x'.repeat(99) }],
    ['an output that is too deep', { type: 'returned', output: [[[[]]]] }],
    ['an argument that is too deep', { type: 'call', id: 1, name: 'fetch', argument: [[[[]]]] }],
    ['a reason of the parent', { type: 'stopped', reason: 'CANCELLED' }],
    ['an error without a text', { type: 'threw', name: 'Error', message: {}, line: 1 }],
    ['an error with a long name', { type: 'threw', name: 'x'.repeat(101), message: '', line: null }],
  ] as const) {
    it(`is refused: ${what}`, () => {
      expect(() => read(message)).to.throw(ProtocolError);
    });
  }

  it('is refused when it is no JSON, and nothing of it is repeated', () => {
    expect(() => readChildMessage('canary-5b1e-not-a-real-key', limits)).to.throw(
      ProtocolError,
      /^a frame that is not JSON$/,
    );
  });

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        try {
          readChildMessage(text, limits);
        } catch (error) {
          expect(error).to.be.instanceOf(ProtocolError);
        }
      }),
    );
  });

  it('is bounded by the largest of what may be in it', () => {
    expect(longestFrame(defaultSandboxLimits)).to.be.within(1024 * 1024, 1024 * 1024 + 65_536);
  });
});
