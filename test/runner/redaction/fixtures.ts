/** Values that look like no real one, and those that are hard to find once a program has written them. */
import { newId, type SecretKeyId } from '../../../src/ids.js';
import { type RedactionLimits, Redactor, type SecretValue } from '../../../src/runner/redaction/redactor.js';

export const keyId: SecretKeyId = newId<SecretKeyId>(0);
export const otherKeyId: SecretKeyId = newId<SecretKeyId>(1_000_000_000_000);

export const canary = 'canary-1f0c9b27-not-a-real-key';

export const secret = (text: string | Uint8Array, secretKeyId = keyId): SecretValue => ({
  secretKeyId,
  origin: 'value',
  bytes: Buffer.from(text),
});

export const redactorOf = (text: string | Uint8Array, limits?: Partial<RedactionLimits>): Redactor =>
  new Redactor([secret(text)], limits);

const letters = 'Zq4-Xw7_Kp2.Vr9~';

/** Trimmed; each has something that some encoding has to escape. */
export const nastyValues: Readonly<Record<string, string>> = {
  plain: canary,
  'as short as can be searched': 'cAnary-8',
  quotes: `canary "double" 'single' \`back\` \\slash/`,
  markup: '<canary a="1">&amp; </canary> & more',
  spaces: 'canary  with   several    spaces and %20 + plus',
  url: 'https://canary:pa$$w0rd@not-a-real-host.invalid:8443/a/b?c=d&e=f#g',
  unicode: 'canary-ñandú-Übergröße-日本語-наука',
  emoji: 'canary-🗝️-🔥-not-👩‍👩‍👧-real',
  digits: '123456789012345678',
  json: '{"type":"canary","key":"not \\n real","list":[1,2,3]}',
  lines: 'canary line one\ncanary line two & "three"\r\ncanary line four',
  controls: 'canary\u0001tab\tnul\u0000end-\u007f-\u2028-x',
  pem: `-----BEGIN CANARY KEY-----\n${'bm90LWEtcmVhbC1rZXkrY2FuYXJ5LzEyMzQ1Njc4OTA='
    .repeat(4)
    .match(/.{1,64}/g)
    ?.join('\n')}\n-----END CANARY KEY-----`,
  'of 64 KiB': Array.from({ length: 65_536 }, (_, at) => letters[(at * at + (at >> 4) * 7 + (at >> 9)) % 16]).join(''),
};
