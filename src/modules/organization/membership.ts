/** Writes of people, service accounts and group memberships. What a right follows from is signed by the writer, on top of what it signed before. */
import type { Transaction } from '../../database/database.js';
import { type CustomRoleId, type GranteeId, newId, type OrganizationId } from '../../ids.js';
import type { PersonRole } from '../../principal.js';
import { identityDocument } from '../../vault/documents.js';
import type { Writer } from '../../vault/writer.js';
import { foldName } from '../names.js';
import {
  CustomRoleHolderEntity,
  GranteeEntity,
  type GranteeKind,
  type GranteeState,
  GroupMembershipEntity,
  IdentityEntity,
} from './organization.entity.js';
import { mustBeStanding, type Standing, standingDocument } from './standing.js';

/** Locks the organization's membership for this transaction alone. The first lock that a change of membership takes. */
export async function lockMembership(tx: Transaction, organizationId: OrganizationId): Promise<void> {
  await tx.lock('SELECT membership_version FROM organization WHERE id = ?', [organizationId]);
}

/** Keeps memberships as they are until the end of this transaction: whoever changes a key's access checks against them. */
export async function holdMembership(tx: Transaction, organizationId: OrganizationId): Promise<void> {
  await tx.lockShared('SELECT membership_version FROM organization WHERE id = ?', [organizationId]);
}

export async function bumpMembershipVersion(tx: Transaction, organizationId: OrganizationId): Promise<void> {
  await tx.query('UPDATE organization SET membership_version = membership_version + 1 WHERE id = ?', [organizationId]);
}

/** The writer's signature over what a right follows from; null for a group. */
function signStanding(writer: Writer, standing: Standing): Uint8Array | null {
  const document = standingDocument(standing);
  return document && writer.signer.sign(document);
}

/** Inserts an active grantee and returns its id. */
export async function insertGrantee(
  tx: Transaction,
  writer: Writer,
  grantee: {
    readonly organizationId: OrganizationId;
    readonly kind: GranteeKind;
    readonly name: string;
    readonly role?: PersonRole;
    readonly email?: string | null;
    readonly description?: string | null;
    readonly createdById?: GranteeId | null;
    readonly now: number;
  },
): Promise<GranteeId> {
  const identity = {
    organizationId: grantee.organizationId,
    id: newId<GranteeId>(grantee.now),
    kind: grantee.kind,
    role: grantee.role ?? null,
    state: 'ACTIVE' as const,
    revision: 1,
  };
  await tx.manager.insert(GranteeEntity, {
    ...identity,
    name: grantee.name,
    nameKey: foldName(grantee.name),
    email: grantee.email ?? null,
    description: grantee.description ?? null,
    createdById: grantee.createdById ?? null,
    createdAt: grantee.now,
    updatedAt: grantee.now,
    signature: signStanding(writer, { ...identity, groupIds: [], customRoleIds: [] }),
  });
  return identity.id;
}

/** Who signs in with a verified token. An identity is never changed. */
export async function insertIdentity(
  tx: Transaction,
  writer: Writer,
  identity: Pick<IdentityEntity, 'organizationId' | 'issuer' | 'subject' | 'personId'>,
): Promise<void> {
  await tx.manager.insert(IdentityEntity, { ...identity, signature: writer.signer.sign(identityDocument(identity)) });
}

/**
 * Changes a grantee's role, state, groups or custom roles: a new revision, signed, and a new membership version. Throws an
 * UnsignedRowError when they are not as the api signed them before. Lock the membership first.
 */
export async function changeStanding(
  tx: Transaction,
  writer: Writer,
  grantee: GranteeEntity,
  change: {
    readonly role?: PersonRole;
    readonly state?: GranteeState;
    readonly groupIds?: readonly GranteeId[];
    readonly customRoleIds?: readonly CustomRoleId[];
  },
  now: number,
): Promise<void> {
  const { organizationId, id } = grantee;
  const before = { ...grantee, groupIds: await groupsOf(tx, grantee), customRoleIds: await customRolesOf(tx, grantee) };
  mustBeStanding(writer.verifier, before, grantee.signature);
  const after = { ...before, ...change, revision: grantee.revision + 1 };
  for (const customRoleId of missingIn(after.customRoleIds, before.customRoleIds)) {
    await tx.manager.delete(CustomRoleHolderEntity, { organizationId, granteeId: id, customRoleId });
  }
  for (const customRoleId of missingIn(before.customRoleIds, after.customRoleIds)) {
    await tx.manager.insert(CustomRoleHolderEntity, { organizationId, granteeId: id, customRoleId });
  }
  for (const groupId of missingIn(after.groupIds, before.groupIds)) {
    await tx.manager.delete(GroupMembershipEntity, { organizationId, groupId, personId: id });
  }
  for (const groupId of missingIn(before.groupIds, after.groupIds)) {
    await tx.manager.insert(GroupMembershipEntity, { organizationId, groupId, personId: id, createdAt: now });
  }
  const { role, state, revision } = after;
  const updatedAt = role === before.role && state === before.state ? before.updatedAt : now;
  const signature = signStanding(writer, after);
  await tx.manager.update(GranteeEntity, { organizationId, id }, { role, state, revision, signature, updatedAt });
  await bumpMembershipVersion(tx, organizationId);
}

const missingIn = <Id>(ids: readonly Id[], of: readonly Id[]): Id[] => of.filter((id) => !ids.includes(id));

type GranteeRef = Pick<GranteeEntity, 'organizationId' | 'id'>;

/** The custom roles that a person or a service account has. */
export async function customRolesOf(
  tx: Transaction,
  { organizationId, id }: GranteeRef,
): Promise<readonly CustomRoleId[]> {
  const rows = await tx.manager.findBy(CustomRoleHolderEntity, { organizationId, granteeId: id });
  return rows.map(({ customRoleId }) => customRoleId);
}

/** The groups that a person is in. */
async function groupsOf(tx: Transaction, { organizationId, id }: GranteeRef): Promise<readonly GranteeId[]> {
  const rows = await tx.manager.findBy(GroupMembershipEntity, { organizationId, personId: id });
  return rows.map(({ groupId }) => groupId);
}

interface GroupMembership {
  readonly organizationId: OrganizationId;
  readonly groupId: GranteeId;
  readonly personId: GranteeId;
}

/** Puts a person into a group who is not in it. Lock the membership first. */
export async function insertGroupMembership(
  tx: Transaction,
  writer: Writer,
  membership: GroupMembership,
  now: number,
): Promise<void> {
  const { organizationId, groupId, personId } = membership;
  const person = await tx.manager.findOneByOrFail(GranteeEntity, { organizationId, id: personId });
  const groupIds = [...(await groupsOf(tx, person)), groupId];
  await changeStanding(tx, writer, person, { groupIds }, now);
}

export async function removeGroupMembership(
  tx: Transaction,
  writer: Writer,
  membership: GroupMembership,
  now: number,
): Promise<void> {
  const { organizationId, groupId, personId } = membership;
  const person = await tx.manager.findOneByOrFail(GranteeEntity, { organizationId, id: personId });
  const groupIds = (await groupsOf(tx, person)).filter((id) => id !== groupId);
  await changeStanding(tx, writer, person, { groupIds }, now);
}
