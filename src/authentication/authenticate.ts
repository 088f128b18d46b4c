/** From an Authorization header to a Principal: service account tokens by their prefix, everything else as a JWT. */
import type { Provision } from '../config.js';
import { ApiError } from '../errors.js';
import type { Services } from '../graphql/context.js';
import { findPerson, findServiceAccount, notMember } from '../modules/organization/find-principal.js';
import { provisionPerson } from '../modules/organization/provision-person.js';
import type { Principal } from '../principal.js';
import { invalidToken, readBearer } from './bearer.js';
import type { PersonIdentity } from './json-web-token.js';
import { parseServiceToken } from './service-token.js';

export interface Credentials {
  readonly authorization: string | undefined;
  /** The Nightsafe-Organization header: needed by people who are in several organizations. */
  readonly organization: string | undefined;
}

export interface Authentication {
  /** Throws UNAUTHENTICATED for a token that no provider signed, or no mint made. Looks into no database. */
  admit(credentials: Credentials): Promise<void>;
  /** Who asks, by the memberships of this moment. Throws UNAUTHENTICATED. */
  authenticate(credentials: Credentials): Promise<Principal>;
}

const isServiceToken = (token: string): boolean => token.startsWith('ns_');

/** @param provision what becomes of people whose valid token is the first one seen; null turns them away. */
export function createAuthentication(
  services: Services,
  verifyJwt: (token: string) => Promise<PersonIdentity>,
  provision: Provision | null,
): Authentication {
  const { database, writer } = services;

  async function admit({ authorization }: Credentials): Promise<void> {
    const token = readBearer(authorization);
    if (!isServiceToken(token)) await verifyJwt(token);
    else if (parseServiceToken(token) === null) throw invalidToken('malformed service account token');
  }

  async function authenticate({ authorization, organization }: Credentials): Promise<Principal> {
    const token = readBearer(authorization);
    if (isServiceToken(token)) return findServiceAccount(database, writer.verifier, token, services.clock());
    const identity = await verifyJwt(token);
    const person = await findPerson(database, writer.verifier, identity, organization);
    if (person !== null) return person;
    const isAskedFor = organization === undefined || organization === provision?.organizationSlug;
    if (provision !== null && isAskedFor && identity.issuer === services.defaultIssuer) {
      await provisionPerson(services, identity, provision);
      const provisioned = await findPerson(database, writer.verifier, identity, organization);
      if (provisioned !== null) return provisioned;
    }
    throw new ApiError('UNAUTHENTICATED', notMember);
  }

  return { admit, authenticate };
}
