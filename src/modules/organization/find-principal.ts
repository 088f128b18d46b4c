/**
 * From a verified token to a Principal. Read from the database on every request, so a change of membership holds on the next one. Whoever
 * has a row on the way there that is not as the api signed it is nobody: UNAUTHENTICATED, as an UnsignedRowError.
 */
import type { PersonIdentity } from '../../authentication/json-web-token.js';
import { parseServiceToken, secretHashMatches } from '../../authentication/service-token.js';
import type { Database, Row } from '../../database/database.js';
import { ApiError } from '../../errors.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import type { Principal } from '../../principal.js';
import { identityDocument, serviceTokenDocument } from '../../vault/documents.js';
import type { Verifier } from '../../vault/sign.js';
import { mustBeSigned, UnsignedRowError } from '../../vault/signed-row.js';
import { isPrincipal, principalColumns, principalOf } from './principal-row.js';

const unauthenticated = (message: string, detail?: string): ApiError =>
  new ApiError('UNAUTHENTICATED', message, {}, detail);

/**
 * The member whom an identity stands for. Null when it is nobody's, or only that of deactivated members.
 * @param organizationSlug chooses among several memberships; needed only then.
 */
export async function findPerson(
  database: Database,
  verifier: Verifier,
  identity: Pick<PersonIdentity, 'issuer' | 'subject'>,
  organizationSlug: string | undefined,
): Promise<Principal | null> {
  const rows = await database.query(
    `SELECT o.slug, i.signature AS identity_signature, ${principalColumns(database.dialect)}
     FROM identity i
     JOIN grantee g ON g.organization_id = i.organization_id AND g.id = i.person_id
     JOIN organization o ON o.id = i.organization_id
     WHERE i.issuer = ? AND i.subject = ? AND ${isPrincipal}`,
    [identity.issuer, identity.subject],
  );
  const chosen = organizationSlug === undefined ? rows : rows.filter((row) => row.slug === organizationSlug);
  if (chosen.length > 1) {
    throw unauthenticated(
      'Your account belongs to several organizations: name one in the Nightsafe-Organization header.',
    );
  }
  const [row] = chosen;
  if (row === undefined) return null;
  return signedOr(notMember, () => {
    mustBeSigned(verifier, identityRow(row, identity));
    return principalOf(row, verifier);
  });
}

/** What somebody with a valid token is told who is no active member. */
export const notMember = 'Your account is not an active member of an organization here.';

const identityRow = (row: Row, { issuer, subject }: Pick<PersonIdentity, 'issuer' | 'subject'>) => {
  const organizationId = row.organization_id as OrganizationId;
  const personId = row.id as GranteeId;
  return {
    table: 'identity',
    // The person's: an issuer's subject may be an address.
    id: personId,
    document: identityDocument({ organizationId, issuer, subject, personId }),
    signature: row.identity_signature as Uint8Array,
  };
};

/** Makes UNAUTHENTICATED with a message out of the error of a row that is not signed. */
function signedOr(message: string, read: () => Principal): Principal {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnsignedRowError)) throw error;
    throw new UnsignedRowError(error.table, error.id, message);
  }
}

/** How stale the last use of a token may be, in milliseconds: it is written at most this often. */
const lastUseGrain = 60_000;

/** The service account of a token. Throws UNAUTHENTICATED, with one message whatever is wrong. */
export async function findServiceAccount(
  database: Database,
  verifier: Verifier,
  token: string,
  now: number,
): Promise<Principal> {
  const message = 'The bearer token is not valid.';
  const invalid = (detail: string) => unauthenticated(message, detail);
  const parsed = parseServiceToken(token);
  if (parsed === null) throw invalid('malformed service account token');
  const { organizationId, tokenId } = parsed;
  const [row] = await database.query(
    `SELECT ${principalColumns(database.dialect)}, t.secret_hash, t.expires_at, t.revoked_at, t.last_used_at,
       t.signature AS token_signature
     FROM service_account_token t
     JOIN grantee g ON g.organization_id = t.organization_id AND g.id = t.service_account_id
     WHERE t.organization_id = ? AND t.id = ? AND ${isPrincipal}`,
    [organizationId, tokenId],
  );
  if (row === undefined) throw invalid('unknown service account token, or its account is not active');
  if (!secretHashMatches(String(row.secret_hash), parsed.secretHash))
    throw invalid('wrong secret in service account token');
  if (row.revoked_at !== null) throw invalid('revoked service account token');
  const expiresAt = row.expires_at === null ? null : Number(row.expires_at);
  if (expiresAt !== null && expiresAt <= now) throw invalid('expired service account token');
  const secretHash = String(row.secret_hash);
  const serviceAccountId = row.id as GranteeId;
  const principal = signedOr(message, () => {
    mustBeSigned(verifier, {
      table: 'service_account_token',
      id: tokenId,
      document: serviceTokenDocument({ organizationId, tokenId, serviceAccountId, secretHash, expiresAt }),
      signature: row.token_signature as Uint8Array | null,
    });
    return principalOf(row, verifier);
  });
  if (Number(row.last_used_at ?? 0) + lastUseGrain <= now) {
    await database.transaction((tx) =>
      tx.query('UPDATE service_account_token SET last_used_at = ? WHERE organization_id = ? AND id = ?', [
        now,
        organizationId,
        tokenId,
      ]),
    );
  }
  return principal;
}
