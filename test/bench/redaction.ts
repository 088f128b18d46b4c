/**
 * `npm run bench:redaction`: what the redactor finds of nasty values in every encoding and carrier, what it masks by mistake, and how fast it
 * is, in MB/s and in terms of a plain scan of the same memory.
 */
import { newId, type SecretKeyId } from '../../src/ids.js';
import { mask, Redactor, type SecretValue } from '../../src/runner/redaction/redactor.js';
import { nastyValues } from '../runner/redaction/fixtures.js';
import { survives } from '../runner/redaction/writers.js';
import { around, ordinaryText, type Sample, samples } from './redaction-corpus.js';

const place = { kind: 'output' } as const;
const megabytes = 16;
const rounds = 5;
const chunk = 65_536;

const secretOf = (text: string): SecretValue => ({
  secretKeyId: newId<SecretKeyId>(),
  origin: 'value',
  bytes: Buffer.from(text),
});

function streamed(redactor: Redactor, bytes: Uint8Array, width: number): Buffer {
  const stream = redactor.stream(place);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += width) parts.push(stream.push(bytes.subarray(at, at + width)));
  return Buffer.concat([...parts, stream.end({ truncated: false })]);
}

function redacted(redactor: Redactor, { carrier, written }: Sample): Uint8Array {
  if (carrier === 'stream')
    return streamed(redactor, Buffer.concat([Buffer.from('<< '), Buffer.from(written), Buffer.from(' >>')]), 7);
  const text = String(written);
  if (carrier === 'JSON') return Buffer.from(String((redactor.json({ a: [text] }, place) as { a: string[] }).a[0]));
  if (carrier === 'JSON key') return Buffer.from(Object.keys(redactor.json({ [text]: 1 }, place) as object)[0] ?? '');
  return Buffer.from(redactor.text(around(carrier, text), place));
}

/** By writer: samples, and those of which something is left. */
function recall(): Map<string, { total: number; missed: string[] }> {
  const results = new Map<string, { total: number; missed: string[] }>();
  const redactors = new Map(
    Object.entries(nastyValues).map(([kind, value]) => [kind, new Redactor([secretOf(value)])]),
  );
  for (const sample of samples()) {
    const redactor = redactors.get(sample.kind);
    if (redactor === undefined) continue;
    const result = results.get(sample.writer.name) ?? { total: 0, missed: [] };
    result.total += 1;
    if (survives(sample.written, redacted(redactor, sample))) result.missed.push(`${sample.kind} (${sample.carrier})`);
    results.set(sample.writer.name, result);
  }
  return results;
}

function megabytesPerSecond(work: () => void): number {
  work();
  const times = Array.from({ length: rounds }, () => {
    const start = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - start) / 1e9;
  });
  return megabytes / (times.sort((a, b) => a - b)[rounds >> 1] ?? Number.NaN);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

print(`${'written as'.padEnd(34)}${'samples'.padStart(9)}${'masked'.padStart(9)}`);
for (const [name, { total, missed }] of recall()) {
  print(
    `${name.padEnd(34)}${String(total).padStart(9)}${String(total - missed.length).padStart(9)}  ${missed.join(', ')}`,
  );
}

const text = ordinaryText(megabytes * 1_000_000);
const scan = megabytesPerSecond(() => void text.indexOf('\u0001\u0002absent'));
print(`\n${'values'.padEnd(10)}${'MB/s'.padStart(8)}${'of a scan'.padStart(11)}${'false masks'.padStart(13)}`);
for (const count of [1, 10, 100, 1000]) {
  const redactor = new Redactor(
    Array.from({ length: count }, (_, at) => secretOf(`canary-${(at * 7919 + 1e6).toString(36)}-not-a-real-key-${at}`)),
  );
  let falseMasks = 0;
  const speed = megabytesPerSecond(() => {
    falseMasks = streamed(redactor, text, chunk).toString('latin1').split(mask.text).length - 1;
  });
  print(
    `${String(count).padEnd(10)}${speed.toFixed(0).padStart(8)}${(speed / scan).toFixed(3).padStart(11)}${String(falseMasks).padStart(13)}`,
  );
  redactor.destroy();
}
print(`plain scan: ${scan.toFixed(0)} MB/s, median of ${rounds} rounds over ${megabytes} MB`);
