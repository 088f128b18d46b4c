import { expect } from 'chai';
import { mask, Redactor } from '../../../src/runner/redaction/redactor.js';
import { canary, keyId, nastyValues, otherKeyId, redactorOf, secret } from './fixtures.js';
import { survives, writers } from './writers.js';

const place = { kind: 'error' } as const;

describe('the encodings of a value', () => {
  for (const { name, write, longest } of writers) {
    it(`leaves nothing of a value that was written as: ${name}`, function () {
      this.timeout(120_000);
      const left: string[] = [];
      for (const [kind, value] of Object.entries(nastyValues)) {
        if (Buffer.byteLength(value) > (longest ?? Number.POSITIVE_INFINITY)) continue;
        const written = write(value);
        const redactor = redactorOf(value);
        const stream = redactor.stream(place);
        const whole = Buffer.concat([Buffer.from('<< '), Buffer.from(written), Buffer.from(' >>')]);
        const streamed = Buffer.concat([stream.push(whole), stream.end({ truncated: false })]);
        if (survives(written, streamed)) left.push(`${kind}, streamed`);
        if (typeof written === 'string') {
          const text = Buffer.from(redactor.text(`<< ${written} >>`, place));
          if (survives(written, text)) left.push(`${kind}, as text`);
        }
        if (redactor.receipt().length === 0) left.push(`${kind}, no receipt`);
      }
      expect(left).to.deep.equal([]);
    });
  }

  it('names the encoding in the receipt', () => {
    const value = `Canary <a> & 'b' "c" é $d`;
    const named = writers.map(({ name, write }) => {
      const redactor = redactorOf(value);
      const stream = redactor.stream(place);
      stream.push(Buffer.from(write(value)));
      stream.end({ truncated: false });
      return { name, receipt: redactor.receipt() };
    });
    expect(named).to.deep.equal(
      writers.map(({ name, encoding }) => ({
        name,
        receipt: [{ secretKeyId: keyId, origin: 'value', place, encoding, count: 1 }],
      })),
    );
  });

  it('finds each line of a value, a trimmed one, and a key in PEM without its first and last line', () => {
    const [, ...body] = (nastyValues.pem ?? '').split('\n');
    const lines = body.slice(0, -1);
    const redactor = redactorOf(nastyValues.pem ?? '');
    expect(lines.map((line) => redactor.text(`l ${line} l`, place))).to.deep.equal(lines.map(() => 'l [redacted] l'));
    expect(redactor.text('-----BEGIN CANARY KEY-----', place)).to.equal('-----BEGIN CANARY KEY-----');
    expect(redactorOf(` \n${canary}\n`).text(`<${canary}>`, place)).to.equal('<[redacted]>');
  });

  it('finds a value without the byte order mark and the white space around it, which programs take off', () => {
    for (const space of ['\ufeff', '\u00a0', '\u2003\u3000', '\ufeff \t\u2028']) {
      const redactor = redactorOf(`${space}${canary}${space}`);
      expect(redactor.text(`<${canary}>`, place), JSON.stringify(space)).to.equal('<[redacted]>');
      expect(redactor.text(`<${space}${canary}${space}>`, place)).to.equal('<[redacted]>');
      expect(redactorOf(`${space}short`).text('short', place)).to.equal('[redacted]');
    }
  });

  it('masks only those characters of base64 that the value alone decides', () => {
    const before = Buffer.from(`user:${canary}:end`).toString('base64');
    const masked = redactorOf(canary).text(before, place);
    expect({ masked, start: before.startsWith(masked.split(mask.text)[0] ?? '-') }).to.deep.equal({
      masked: 'dXNlcjp[redacted]k6ZW5k',
      start: true,
    });
  });

  it('leaves the lent bytes as they are, also those of a Buffer, so that a second redactor finds the same', () => {
    const bytes = Buffer.from('canary line one\ncanary 🔥 line two');
    const before = bytes.toString();
    const value = { secretKeyId: keyId, origin: 'jwt', bytes } as const;
    const texts = [new Redactor([value]), new Redactor([value])].map((redactor) =>
      redactor.text(bytes.toString('base64'), place),
    );
    expect({ bytes: bytes.toString(), texts }).to.deep.equal({ bytes: before, texts: [mask.text, mask.text] });
  });

  it('finds a value of which another is a part, and names both', () => {
    const redactor = new Redactor([secret(canary), secret(`https://host.invalid/${canary}/x`, otherKeyId)]);
    expect(redactor.text(`GET https://host.invalid/${canary}/x ${canary}`, place)).to.equal(
      'GET [redacted] [redacted]',
    );
    expect(redactor.receipt()).to.deep.equal([
      { secretKeyId: keyId, origin: 'value', place, encoding: 'raw', count: 2 },
      { secretKeyId: otherKeyId, origin: 'value', place, encoding: 'raw', count: 1 },
    ]);
  });
});
