/** Makes a member of somebody whose valid token is the first one seen, where the configuration says so. */
import { recordAudit } from '../../audit/audit-log.js';
import type { PersonIdentity } from '../../authentication/json-web-token.js';
import type { Provision } from '../../config.js';
import { insertUnique, TryAgain } from '../../database/database.js';
import type { Services } from '../../graphql/context.js';
import type { OrganizationId } from '../../ids.js';
import { tidyName } from '../names.js';
import { bumpMembershipVersion, insertGrantee, insertIdentity, lockMembership } from './membership.js';
import { IdentityEntity } from './organization.entity.js';

/** Does nothing for an identity that is known already, such as a deactivated member's, or when there is no such organization. */
export async function provisionPerson(
  services: Services,
  identity: PersonIdentity,
  provision: Provision,
): Promise<void> {
  const { database, writer } = services;
  const [organization] = await database.query('SELECT id FROM organization WHERE slug = ?', [
    provision.organizationSlug,
  ]);
  if (organization === undefined) return;
  const organizationId = organization.id as OrganizationId;
  const { issuer, subject } = identity;
  const now = services.clock();
  const name = [...tidyName(identity.name ?? identity.email ?? subject)].slice(0, 120).join('');
  const email = identity.email !== undefined && identity.email.length <= 254 ? identity.email : null;
  await database.transaction(async (tx) => {
    await lockMembership(tx, organizationId);
    const known = await tx.manager.findOne(IdentityEntity, { where: { issuer, subject, organizationId } });
    if (known !== null) return;
    const personId = await insertGrantee(tx, writer, {
      organizationId,
      kind: 'PERSON',
      name,
      role: provision.role,
      email,
      now,
    });
    await insertUnique(
      () => insertIdentity(tx, writer, { issuer, subject, organizationId, personId }),
      () => new TryAgain(),
    );
    await bumpMembershipVersion(tx, organizationId);
    await recordAudit(
      tx,
      { organizationId, principal: null, requestId: 'sign-in', now },
      {
        type: 'member.provisioned',
        subject: { type: 'Member', id: personId, name },
        details: { role: provision.role, issuer },
      },
    );
  });
}
