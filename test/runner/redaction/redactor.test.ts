import { expect } from 'chai';
import fc from 'fast-check';
import { Redactor, withheld } from '../../../src/runner/redaction/redactor.js';
import { canary, keyId, nastyValues, redactorOf, secret } from './fixtures.js';

const place = { kind: 'log', line: 3 } as const;
const entry = { secretKeyId: keyId, origin: 'value', place, count: 1 } as const;

describe('the redactor on a text', () => {
  it('masks the range that a mixture of escapes was written in, and nothing beside it', () => {
    const value = 'canary "q" & <not-a-real> key';
    const mixtures = [
      'canary%20\\"q\\" &amp; %3Cnot-a-real&#62; key',
      'canary \\u0022q%22 & &lt;not-a-real> key',
      encodeURIComponent('canary &quot;q&quot; &amp; &lt;not-a-real&gt; key'),
      'canary \\x22q\\x22 &\n  <not-a-real>\n  key',
    ];
    expect(mixtures.map((text) => redactorOf(value).text(`[${text}] é %41`, place))).to.deep.equal(
      mixtures.map(() => '[[redacted]] é %41'),
    );
    const redactor = redactorOf(value);
    redactor.text(mixtures[0] ?? '', place);
    expect(redactor.receipt()).to.deep.equal([{ ...entry, encoding: 'mixed' }]);
  });

  it('finds base64 that is wrapped into lines', () => {
    const base64 = Buffer.from(canary.repeat(3)).toString('base64').replace(/.{16}/g, '$&\r\n');
    expect(redactorOf(canary.repeat(3)).text(`k: ${base64} .`, place)).to.match(/^k: \[redacted\]=*\s*\.$/);
  });

  it('gives a text without a value back as it is, lone surrogates included', () => {
    const texts = ['', 'x', 'canary', '\ud800 %zz &# \\', '[redacted] [withheld]'];
    const redactor = redactorOf(canary);
    expect({ texts: texts.map((text) => redactor.text(text, place)), receipt: redactor.receipt() }).to.deep.equal({
      texts,
      receipt: [],
    });
  });

  it('changes nothing when it masks what it has masked, and never throws, whatever the value and the text', () => {
    const nasty = fc.constantFrom(...Object.values(nastyValues).filter(({ length }) => length < 1000));
    const value = fc.oneof(nasty, fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), fc.constant('edacted]'));
    const parts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('%', '\\u', '&#', '[', ']', '"')));
    fc.assert(
      fc.property(value, parts, fc.nat(5), (secretText, around, form) => {
        const redactor = redactorOf(secretText);
        const written = [secretText, JSON.stringify(secretText), encodeSafely(secretText)][form % 3] ?? '';
        const text = `${around.join(written)}${form > 2 ? written : ''}`;
        const once = redactor.text(text, place);
        const receipt = redactor.receipt();
        expect(redactor.text(once, place)).to.equal(once);
        expect(redactor.receipt()).to.deep.equal(receipt);
        expect(redactor.withheldCount).to.equal(0);
      }),
      { numRuns: 1500 },
    );
  });

  it('finds a text that begins like all pieces of a value without comparing them: what tells them apart comes first', () => {
    const pieces = Array.from({ length: 64 }, (_, at) => 'a'.repeat(252) + at.toString(36).padStart(4, 'z'));
    const text = 'a'.repeat(16_384);
    const redactor = redactorOf(pieces.join(''), { work: 64 * text.length });
    expect([redactor.text(text, place), redactor.withheldCount]).to.deep.equal([text, 0]);
  });

  it('withholds what would take more comparing than it may, and searches the next text anew', () => {
    const redactor = redactorOf('aaaaaaaa', { work: 1_000_000 });
    const streamed = redactor.stream(place);
    const texts = [
      redactor.text('a'.repeat(100_000), place),
      redactor.json({ a: 'a'.repeat(50_000), b: 'a'.repeat(50_000) }, place),
      Buffer.concat([streamed.push(Buffer.alloc(100_000, 'a')), streamed.end({ truncated: false })]).toString(),
      redactor.text('b aaaaaaaa', place),
    ];
    expect({ texts, count: redactor.withheldCount }).to.deep.equal({
      texts: [withheld.text, withheld.text, withheld.text, 'b [redacted]'],
      count: 3,
    });
  });

  it('decodes so much of a value of JSON, and searches the rest of it as it is written', () => {
    const value = 'canary "not a real" key';
    const written = 'canary%20&quot;not\x20a real" key';
    const list = ['%41 of much else '.repeat(1_000), written, value];
    const decoded = redactorOf(value).json(list, { kind: 'output' });
    const exhausted = redactorOf(value, { decodedInAll: 20_000 }).json(list, { kind: 'output' });
    expect([decoded, exhausted]).to.deep.equal([
      [list[0], '[redacted]', '[redacted]'],
      [list[0], written, '[redacted]'],
    ]);
  });

  it('keeps a text valid JSON that was valid JSON', () => {
    const value = fc.constantFrom('12345678', '","canary', '{"canary":1}', canary, 'true', '\\"canary\\');
    fc.assert(
      fc.property(value, fc.jsonValue(), (secretText, other) => {
        const list = secretText === 'true' ? true : Number(secretText) || secretText;
        const text = JSON.stringify({ [secretText]: [list, secretText], other, [`x${secretText}`]: 12345678 });
        const masked = redactorOf(secretText).text(text, place);
        expect(() => JSON.parse(masked)).not.to.throw();
        if (secretText.length >= 8) expect(masked).not.to.contain(JSON.stringify(secretText).slice(1, -1));
      }),
      { numRuns: 1000 },
    );
  });

  it('masks a value that is itself JSON where it is the text, a part of a JSON text, or a string in one', () => {
    const value = '{"type":"canary","key":"not-a-real-key","list":[1,2]}';
    const texts = [value, `{"a":${value},"b":1}`, JSON.stringify({ a: value }), `log: ${value}`];
    const redactor = redactorOf(value);
    expect(texts.map((text) => redactor.text(text, place))).to.deep.equal([
      '["[redacted]"]',
      '["[redacted]"]',
      '{"a":"[redacted]"}',
      'log: [redacted]',
    ]);
    expect(redactor.receipt()).to.deep.equal([
      { ...entry, encoding: 'raw', count: 3 },
      { ...entry, encoding: 'json' },
    ]);
  });

  it('finds characters beyond ASCII in every escape', () => {
    const value = 'canary-ñ-日-🔥-key';
    const texts = ['canary-\\u{f1}-&#26085;-%F0%9F%94%A5-key', 'canary-&#xf1;-\\u65e5-\\ud83d\\udd25-key'];
    expect(texts.map((text) => redactorOf(value).text(text, place))).to.deep.equal(['[redacted]', '[redacted]']);
  });

  it('masks a value under 8 bytes only where it is all there is', () => {
    const redactor = redactorOf('hunter2');
    const texts = ['hunter2', ' hunter2\n', 'hunter%32', 'my hunter2', 'HUNTER2'];
    expect(texts.map((text) => redactor.text(text, place))).to.deep.equal([
      '[redacted]',
      '[redacted]',
      '[redacted]',
      'my hunter2',
      'HUNTER2',
    ]);
    expect(redactor.receipt()).to.deep.equal([
      { ...entry, encoding: 'raw', count: 2 },
      { ...entry, encoding: 'mixed' },
    ]);
  });

  it('searches a text beyond the limit of decoded views for its patterns', () => {
    const redactor = redactorOf(canary, { decodedText: 100 });
    const long = `${'x'.repeat(100)}${canary} ${canary.replace('-', '&#45;')}`;
    expect(redactor.text(long, place)).to.equal(`${'x'.repeat(100)}[redacted] ${canary.replace('-', '&#45;')}`);
  });

  it('withholds the text, the JSON and the stream when anything fails inside, and counts them', () => {
    const redactor = redactorOf(canary);
    redactor.text(canary, place);
    const receipt = redactor.receipt();
    redactor.destroy();
    const stream = redactor.stream(place);
    const pushed = stream.push(Buffer.alloc(9000, canary));
    expect({
      text: redactor.text(`a ${canary}`, place),
      json: redactor.json({ a: canary }, place),
      pushed: pushed.length,
      end: Buffer.from(stream.end({ truncated: false })).toString(),
      count: redactor.withheldCount,
      receipt: redactor.receipt(),
    }).to.deep.equal({ text: withheld.text, json: withheld.text, pushed: 0, end: withheld.text, count: 3, receipt });
    expect(() => redactor.add(secret(canary))).to.throw('destroyed');
  });

  it('refuses an empty value', () => {
    expect(() => new Redactor([secret('')])).to.throw(RangeError, 'A value to redact has at least one byte.');
  });

  const encodeSafely = (text: string): string => encodeURIComponent(text.toWellFormed());
});
