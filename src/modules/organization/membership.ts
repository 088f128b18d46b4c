/** Writes of people, service accounts and group memberships. Each row that a right follows from is signed by the writer. */
import type { Transaction } from '../../database/database.js';
import { type CustomRoleId, type GranteeId, newId, type OrganizationId } from '../../ids.js';
import type { PersonRole } from '../../principal.js';
import { groupMembershipDocument, personDocument, serviceAccountDocument } from '../../vault/documents.js';
import type { Writer } from '../../vault/writer.js';
import { foldName } from '../names.js';
import {
  CustomRoleHolderEntity,
  GranteeEntity,
  type GranteeKind,
  type GranteeState,
  GroupMembershipEntity,
} from './organization.entity.js';

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

interface Standing {
  readonly organizationId: OrganizationId;
  readonly id: GranteeId;
  readonly kind: GranteeKind;
  readonly role: PersonRole | null;
  readonly state: GranteeState;
  readonly customRoleIds: readonly CustomRoleId[];
  readonly revision: number;
}

/** The writer's signature over what a right follows from; null for a group, whose members are signed one by one. */
export function signGrantee(writer: Writer, grantee: Standing): Uint8Array | null {
  const { organizationId, id, kind, role, state, customRoleIds, revision } = grantee;
  switch (kind) {
    case 'PERSON':
      if (role === null) throw new Error('a person has a role');
      return writer.signer.sign(personDocument({ organizationId, personId: id, role, state, customRoleIds, revision }));
    case 'SERVICE_ACCOUNT':
      return writer.signer.sign(
        serviceAccountDocument({ organizationId, serviceAccountId: id, state, customRoleIds, revision }),
      );
    case 'GROUP':
      return null;
  }
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
    signature: signGrantee(writer, { ...identity, customRoleIds: [] }),
  });
  return identity.id;
}

/** Changes a grantee's role, state or custom roles: a new revision, signed, and a new membership version. */
export async function changeStanding(
  tx: Transaction,
  writer: Writer,
  grantee: GranteeEntity,
  change: {
    readonly role?: PersonRole;
    readonly state?: GranteeState;
    readonly customRoleIds?: readonly CustomRoleId[];
  },
  now: number,
): Promise<void> {
  const { organizationId, id, kind } = grantee;
  const held = await customRolesOf(tx, grantee);
  const customRoleIds = change.customRoleIds ?? held;
  for (const customRoleId of held.filter((each) => !customRoleIds.includes(each))) {
    await tx.manager.delete(CustomRoleHolderEntity, { organizationId, granteeId: id, customRoleId });
  }
  for (const customRoleId of customRoleIds.filter((each) => !held.includes(each))) {
    await tx.manager.insert(CustomRoleHolderEntity, { organizationId, granteeId: id, customRoleId });
  }
  const next = {
    role: change.role ?? grantee.role,
    state: change.state ?? grantee.state,
    revision: grantee.revision + 1,
  };
  const signature = signGrantee(writer, { organizationId, id, kind, customRoleIds, ...next });
  await tx.manager.update(GranteeEntity, { organizationId, id }, { ...next, signature, updatedAt: now });
  await bumpMembershipVersion(tx, organizationId);
}

/** The custom roles that a person or a service account has. */
export async function customRolesOf(
  tx: Transaction,
  { organizationId, id }: Pick<GranteeEntity, 'organizationId' | 'id'>,
): Promise<readonly CustomRoleId[]> {
  const rows = await tx.manager.findBy(CustomRoleHolderEntity, { organizationId, granteeId: id });
  return rows.map(({ customRoleId }) => customRoleId);
}

export async function insertGroupMembership(
  tx: Transaction,
  writer: Writer,
  membership: { readonly organizationId: OrganizationId; readonly groupId: GranteeId; readonly personId: GranteeId },
  now: number,
): Promise<void> {
  const signature = writer.signer.sign(groupMembershipDocument(membership));
  await tx.manager.insert(GroupMembershipEntity, { ...membership, signature, createdAt: now });
  await bumpMembershipVersion(tx, membership.organizationId);
}
