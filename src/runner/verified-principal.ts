/** People and service accounts as the api signed them: a role or a membership that was put into the database by hand counts for nothing. */
import type { Reading } from '../database/database.js';
import type { CustomRoleId, GranteeId, OrganizationId } from '../ids.js';
import { CustomRoleEntity } from '../modules/custom-role/custom-role.entity.js';
import {
  CustomRoleHolderEntity,
  GranteeEntity,
  GroupMembershipEntity,
} from '../modules/organization/organization.entity.js';
import type { Principal } from '../principal.js';
import {
  customRoleDocument,
  groupMembershipDocument,
  personDocument,
  serviceAccountDocument,
} from '../vault/documents.js';
import type { WriterVerifier } from '../vault/sign.js';
import { notVerified } from './run-failure.js';

/** Null when they are not active any more. Throws NOT_VERIFIED when a row of theirs is not the api's. */
export async function verifiedPrincipal(
  reading: Reading,
  verifier: WriterVerifier,
  organizationId: OrganizationId,
  id: GranteeId,
): Promise<Principal | null> {
  const row = await reading.manager.findOneBy(GranteeEntity, { organizationId, id });
  if (row === null || row.kind === 'GROUP') return null;
  const { kind, role, state, revision, signature } = row;
  const isPerson = kind === 'PERSON' && role !== null;
  const held = await reading.manager.findBy(CustomRoleHolderEntity, { organizationId, granteeId: id });
  const customRoleIds = held.map(({ customRoleId }) => customRoleId);
  const document = isPerson
    ? personDocument({ organizationId, personId: id, role, state, customRoleIds, revision })
    : serviceAccountDocument({ organizationId, serviceAccountId: id, state, customRoleIds, revision });
  if (signature === null || !verifier.verify(document, signature)) throw notVerified();
  if (state !== 'ACTIVE') return null;
  const groupIds = isPerson ? await verifiedGroups(reading, verifier, organizationId, id) : [];
  return {
    kind,
    id,
    organizationId,
    name: row.name,
    role: isPerson ? role : null,
    permissionSets: await verifiedPermissionSets(reading, verifier, organizationId, customRoleIds),
    groupIds,
    granteeIds: [id, ...groupIds, organizationId],
  };
}

/** A role that is gone was not taken away by the api, which would have signed the grantee without it. */
async function verifiedPermissionSets(
  reading: Reading,
  verifier: WriterVerifier,
  organizationId: OrganizationId,
  ids: readonly CustomRoleId[],
): Promise<readonly string[]> {
  const permissionSets = new Set<string>();
  for (const id of ids) {
    const role = await reading.manager.findOneBy(CustomRoleEntity, { organizationId, id });
    if (role === null) throw notVerified();
    const document = customRoleDocument({ ...role, customRoleId: id });
    if (!verifier.verify(document, role.signature)) throw notVerified();
    for (const name of role.permissionSets) permissionSets.add(name);
  }
  return [...permissionSets].sort();
}

async function verifiedGroups(
  reading: Reading,
  verifier: WriterVerifier,
  organizationId: OrganizationId,
  personId: GranteeId,
): Promise<GranteeId[]> {
  const rows = await reading.manager.findBy(GroupMembershipEntity, { organizationId, personId });
  return rows.map(({ groupId, signature }) => {
    if (!verifier.verify(groupMembershipDocument({ organizationId, groupId, personId }), signature))
      throw notVerified();
    return groupId;
  });
}
