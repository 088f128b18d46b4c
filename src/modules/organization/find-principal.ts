/** From a verified token to a Principal. Read from the database on every request, so a change of membership holds on the next one. */
import type { PersonIdentity } from '../../authentication/json-web-token.js';
import { parseServiceToken, secretHashMatches } from '../../authentication/service-token.js';
import type { Database } from '../../database/database.js';
import { ApiError } from '../../errors.js';
import type { Principal } from '../../principal.js';
import { principalColumns, principalOf } from './principal-row.js';

const unauthenticated = (message: string, detail?: string): ApiError =>
  new ApiError('UNAUTHENTICATED', message, {}, detail);

/**
 * The member whom an identity stands for. Null when it is nobody's, or only that of deactivated members.
 * @param organizationSlug chooses among several memberships; needed only then.
 */
export async function findPerson(
  database: Database,
  identity: Pick<PersonIdentity, 'issuer' | 'subject'>,
  organizationSlug: string | undefined,
): Promise<Principal | null> {
  const rows = await database.query(
    `SELECT o.slug, ${principalColumns(database.dialect)}
     FROM identity i
     JOIN grantee g ON g.organization_id = i.organization_id AND g.id = i.person_id
     JOIN organization o ON o.id = i.organization_id
     WHERE i.issuer = ? AND i.subject = ? AND g.state = 'ACTIVE'`,
    [identity.issuer, identity.subject],
  );
  const chosen = organizationSlug === undefined ? rows : rows.filter((row) => row.slug === organizationSlug);
  if (chosen.length > 1) {
    throw unauthenticated(
      'Your account belongs to several organizations: name one in the Nightsafe-Organization header.',
    );
  }
  return chosen[0] === undefined ? null : principalOf(chosen[0]);
}

/** How stale the last use of a token may be, in milliseconds: it is written at most this often. */
const lastUseGrain = 60_000;

/** The service account of a token. Throws UNAUTHENTICATED, with one message whatever is wrong. */
export async function findServiceAccount(database: Database, token: string, now: number): Promise<Principal> {
  const invalid = (detail: string) => unauthenticated('The bearer token is not valid.', detail);
  const parsed = parseServiceToken(token);
  if (parsed === null) throw invalid('malformed service account token');
  const { organizationId, tokenId } = parsed;
  const [row] = await database.query(
    `SELECT ${principalColumns(database.dialect)}, t.secret_hash, t.expires_at, t.revoked_at, t.last_used_at
     FROM service_account_token t
     JOIN grantee g ON g.organization_id = t.organization_id AND g.id = t.service_account_id
     WHERE t.organization_id = ? AND t.id = ? AND g.state = 'ACTIVE'`,
    [organizationId, tokenId],
  );
  if (row === undefined) throw invalid('unknown service account token, or its account is not active');
  if (!secretHashMatches(String(row.secret_hash), parsed.secretHash))
    throw invalid('wrong secret in service account token');
  if (row.revoked_at !== null) throw invalid('revoked service account token');
  if (row.expires_at !== null && Number(row.expires_at) <= now) throw invalid('expired service account token');
  if (Number(row.last_used_at ?? 0) + lastUseGrain <= now) {
    await database.transaction((tx) =>
      tx.query('UPDATE service_account_token SET last_used_at = ? WHERE organization_id = ? AND id = ?', [
        now,
        organizationId,
        tokenId,
      ]),
    );
  }
  return principalOf(row);
}
