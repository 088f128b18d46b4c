import { expect } from 'chai';
import fc from 'fast-check';
import { Redactor, withheld } from '../../../src/runner/redaction/redactor.js';
import { canary, keyId, otherKeyId, redactorOf, secret } from './fixtures.js';

const place = { kind: 'output' } as const;
const at = (path: string, encoding = 'raw', count = 1) => ({
  secretKeyId: keyId,
  origin: 'value',
  place: { kind: 'output', path },
  encoding,
  count,
});

describe('the redactor on JSON', () => {
  it('masks strings and keys at any depth and says where they were', () => {
    const redactor = redactorOf(canary);
    const value = { a: [1, { 'b c': `x ${canary}` }], [canary]: { d: encodeURIComponent(`${canary}`) }, e: null };
    expect(redactor.json(value, place)).to.deep.equal({
      a: [1, { 'b c': 'x [redacted]' }],
      '[redacted]': { d: '[redacted]' },
      e: null,
    });
    expect(redactor.receipt()).to.deep.equal([at('$'), at('$.a[1]["b c"]'), at('$["[redacted]"].d')]);
  });

  it('tells keys apart that are masked alike', () => {
    const value = { [canary]: 1, [canary.toUpperCase()]: 2, '[redacted]': 3, '[redacted] (2)': 4 };
    expect(redactorOf(canary).json(value, place)).to.deep.equal({
      '[redacted] (3)': 1,
      '[redacted] (4)': 2,
      '[redacted]': 3,
      '[redacted] (2)': 4,
    });
  });

  it('tells 12,000 keys apart that are spellings of a value, in one pass', () => {
    const spelling = (number: number): string =>
      Array.from(canary, (letter, at) => ((number >> at) & 1 ? letter.toUpperCase() : letter)).join('');
    const spellings = new Set(Array.from({ length: 1 << 17 }, (_, number) => spelling(number)));
    const keys = [...spellings].slice(0, 12_000);
    const masked = redactorOf(canary).json(Object.fromEntries(keys.map((key, at) => [key, at])), place);
    expect(masked).to.deep.equal(
      Object.fromEntries(keys.map((_, at) => [at === 0 ? '[redacted]' : `[redacted] (${at + 1})`, at])),
    );
  });

  it('withholds an output of more than a thousand values beside a value under 8 bytes, which each could be a guess of', () => {
    const guesses = (count: number) => Array.from({ length: count }, (_, at) => 400_000 + at);
    const values = [secret('400007'), secret(canary, otherKeyId)];
    const few = new Redactor(values).json(guesses(999), place) as unknown[];
    const many = new Redactor(values);
    expect({
      few: few.flatMap((item, index) => (item === '[redacted]' ? [index] : [])),
      many: many.json(guesses(1_000), place),
      count: many.withheldCount,
      receipt: many.receipt(),
      without: redactorOf(canary).json(guesses(1_000), place),
    }).to.deep.equal({ few: [7], many: withheld.text, count: 1, receipt: [], without: guesses(1_000) });
  });

  it('writes no more of a long key into each place than a place may have', () => {
    const redactor = redactorOf(canary);
    const key = 'k'.repeat(2_000_000);
    redactor.json({ [key]: Array.from({ length: 5_000 }, () => canary) }, place);
    expect(redactor.receipt()).to.deep.equal([at(`$.${'k'.repeat(298)}…`, 'raw', 1_000)]);
  });

  it('masks numbers, booleans and null that are a value, however the number is written', () => {
    const redactor = new Redactor([secret('12345678'), secret('1e3', otherKeyId), secret('true'), secret('null')]);
    const value = { a: 12345678, b: -12345678, c: 1000, d: 1001, e: [true, false, null], f: 123456789 };
    expect(redactor.json(value, place)).to.deep.equal({
      a: '[redacted]',
      b: '[redacted]',
      c: '[redacted]',
      d: 1001,
      e: ['[redacted]', false, '[redacted]'],
      f: '[redacted]',
    });
    expect(redactor.receipt().map(({ place: where, encoding }) => [where, encoding])).to.deep.equal([
      [{ kind: 'output', path: '$.a' }, 'raw'],
      [{ kind: 'output', path: '$.b' }, 'raw'],
      [{ kind: 'output', path: '$.e[0]' }, 'raw'],
      [{ kind: 'output', path: '$.e[2]' }, 'raw'],
      [{ kind: 'output', path: '$.f' }, 'raw'],
      [{ kind: 'output', path: '$.c' }, 'number'],
    ]);
  });

  it('masks a list of numbers that are the bytes of a value, signed ones as well', () => {
    const text = `${canary}é`;
    const redactor = redactorOf(text);
    const bytes = [...Buffer.from(text)];
    const signed = bytes.map((byte) => (byte > 127 ? byte - 256 : byte));
    expect(redactor.json({ a: [7, ...bytes, 300, 'x'], b: signed }, place)).to.deep.equal({
      a: [7, '[redacted]', 300, 'x'],
      b: ['[redacted]'],
    });
    expect(redactor.receipt()).to.deep.equal([at('$.a', 'bytes'), at('$.b', 'bytes')]);
  });

  it('withholds what is too deep, what is no JSON, and all of what has too many values', () => {
    const redactor = redactorOf(canary, { depth: 2, nodes: 6 });
    const results = [{ a: { b: { c: canary } } }, { when: new Date(0) }, [1, 2, 3, 4, 5, 6]].map((value) =>
      redactor.json(value, place),
    );
    expect({ results, count: redactor.withheldCount }).to.deep.equal({
      results: [{ a: { b: withheld.text } }, { when: withheld.text }, withheld.text],
      count: 3,
    });
  });

  it('gives what cannot be read back withheld, without the error', () => {
    const hostile = {
      get trap(): string {
        throw new Error(canary);
      },
    };
    const redactor = redactorOf(canary);
    expect([redactor.json(hostile, place), redactor.withheldCount]).to.deep.equal([withheld.text, 1]);
  });

  it('leaves no string or key with a value in any JSON, changes nothing the second time, and keeps its shape', () => {
    const leaf = fc.oneof(fc.string(), fc.constantFrom(canary, `a${canary}b`, encodeURIComponent(`${canary}/`)));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, leaf, fc.integer(), fc.array(tie('tree')), fc.dictionary(leaf, tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const redactor = redactorOf(canary);
        const once = redactor.json(value, place);
        expect(JSON.stringify(once)).not.to.contain(canary);
        expect(redactor.json(once, place)).to.deep.equal(once);
        expect(redactor.withheldCount).to.equal(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a receipt', () => {
  it('has each key, origin, place and encoding once, sorted, and counts what it has no room for', () => {
    const redactor = redactorOf(canary, { redactions: 3 });
    redactor.text(canary, { kind: 'url' });
    for (const line of [10, 9, 9]) redactor.text(`${canary} ${canary}`, { kind: 'log', line });
    for (const name of ['x-a', 'x-b']) redactor.text(canary, { kind: 'header', name });
    const entry = { secretKeyId: keyId, origin: 'value', encoding: 'raw' } as const;
    expect({ receipt: redactor.receipt(), more: redactor.more }).to.deep.equal({
      receipt: [
        { ...entry, place: { kind: 'log', line: 9 }, count: 4 },
        { ...entry, place: { kind: 'log', line: 10 }, count: 2 },
        { ...entry, place: { kind: 'url' }, count: 1 },
      ],
      more: 2,
    });
  });

  it('has no value in a place that the other side named', () => {
    const redactor = redactorOf(canary);
    redactor.text(canary, { kind: 'header', name: `x-${canary}` });
    redactor.json({ [`k-${canary}`]: canary }, { kind: 'output', path: `$.${canary}` });
    expect(JSON.stringify(redactor.receipt())).not.to.contain('canary-1f0c');
    expect(redactor.receipt()[0]?.place).to.deep.equal({ kind: 'header', name: 'x-[redacted]' });
  });
});
