/**
 * Tokens of service accounts: `ns_`, the ids, the secret and a checksum, 95 characters in all.
 *
 *     ns_  43 characters              43 characters     6 characters
 *          organization id ‖ token id  32 random bytes   CRC-32 of everything before it
 *
 * Each part is a base62 number with leading zeros. The prefix and the checksum follow GitHub's token format
 * (https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/): a scanner finds a
 * leaked token without a false alarm, and a mistyped one is refused without a look into the database. The organization id
 * is inside because it is the shard key of the table that the look-up goes to.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isId, type OrganizationId, type ServiceTokenId } from '../ids.js';

const prefix = 'ns_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Base62 digits that hold 32 bytes: 62^43 is just above 2^256. */
const width = 43;
/** Base62 digits that hold 32 bits. */
const checksumWidth = 6;
const form = new RegExp(`^${prefix}(?<ids>[0-9A-Za-z]{${width}})[0-9A-Za-z]{${width}}[0-9A-Za-z]{${checksumWidth}}$`);

/**
 * `token` is shown once and stored nowhere; `secretHash` is stored: SHA-256 of the whole token, as 64 hex digits. A slow hash
 * would add nothing, as 32 random bytes cannot be guessed however fast the guesses are.
 */
export function mintServiceToken(
  organizationId: OrganizationId,
  tokenId: ServiceTokenId,
): { readonly token: string; readonly secretHash: string } {
  const ids = Buffer.from(`${organizationId}${tokenId}`.replaceAll('-', ''), 'hex');
  const body = prefix + base62(ids, width) + base62(randomBytes(32), width);
  const token = body + checksum(body);
  return { token, secretHash: sha256(token) };
}

/**
 * null for a text that no mint has made. A result is no proof: the caller looks the token id up in the organization and
 * compares the hashes with `secretHashMatches`.
 */
export function parseServiceToken(
  token: string,
): { readonly organizationId: OrganizationId; readonly tokenId: ServiceTokenId; readonly secretHash: string } | null {
  const digits = form.exec(token)?.groups?.ids;
  if (digits === undefined || checksum(token.slice(0, -checksumWidth)) !== token.slice(-checksumWidth)) return null;
  const hex = fromBase62(digits).toString(16).padStart(64, '0');
  const organizationId = uuid(hex.slice(0, 32));
  const tokenId = uuid(hex.slice(32));
  if (!isId(organizationId) || !isId(tokenId)) return null;
  return {
    organizationId: organizationId as OrganizationId,
    tokenId: tokenId as ServiceTokenId,
    secretHash: sha256(token),
  };
}

/** Compares two hashes in a time that does not tell where they differ. */
export function secretHashMatches(stored: string, given: string): boolean {
  const [a, b] = [Buffer.from(stored), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function checksum(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return base62(bytes, checksumWidth);
}

function base62(bytes: Buffer, digits: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (; rest > 0n; rest /= 62n) text = alphabet.charAt(Number(rest % 62n)) + text;
  return text.padStart(digits, '0');
}

const fromBase62 = (text: string): bigint =>
  [...text].reduce((sum, digit) => sum * 62n + BigInt(alphabet.indexOf(digit)), 0n);

const uuid = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5');
