/** A key as verbs and presenters know it: its metadata, its grants with the grantees' names, and what rules may ask about it. */
import type { PolicySubject } from '../../authz/index.js';
import { parseJson } from '../../database/columns.js';
import type { Row } from '../../database/database.js';
import { type Dialect, indexHint, jsonArray } from '../../database/dialect.js';
import type { GranteeId, OrganizationId, SecretKeyId } from '../../ids.js';
import type { GranteeKind, GranteeState } from '../organization/organization.entity.js';
import type { AccessLevel, Permission, Placement, SecretUseKind } from './secret-key.entity.js';

export interface GranteeRecord {
  readonly id: GranteeId;
  readonly kind: GranteeKind;
  readonly name: string;
  readonly email: string | null;
  readonly state: GranteeState;
}

export interface GrantRecord {
  readonly grantee: GranteeRecord;
  readonly permission: Permission;
}

/** Plain data that survives JSON: an idempotent answer is kept in this form. */
export interface SecretKeyRecord {
  readonly organizationId: OrganizationId;
  readonly id: SecretKeyId;
  readonly name: string;
  readonly description: string | null;
  readonly accessLevel: AccessLevel;
  readonly accessRevision: number;
  readonly grants: readonly GrantRecord[];
  readonly allowedHosts: readonly string[];
  readonly allowsAnyHost: boolean;
  readonly placements: readonly Placement[];
  readonly uses: readonly SecretUseKind[];
  readonly valueVersion: number;
  readonly valueUpdatedAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly createdBy: GranteeRecord | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt: number | null;
}

/** A record as it is read for a decision. Lists show records and decide nothing by them. */
export interface SignedSecretKey extends SecretKeyRecord {
  readonly accessSignature: Uint8Array;
}

/** The columns of a record, from `secret_key k` and `LEFT JOIN grantee c` (see `creatorJoin`). */
export function secretKeyColumns(dialect: Dialect): string {
  const grants = jsonArray(dialect, {
    permission: 'sg.permission',
    id: 'ge.id',
    kind: 'ge.kind',
    name: 'ge.name',
    email: 'ge.email',
    state: 'ge.state',
  });
  return `k.organization_id, k.id, k.name, k.description, k.access_level, k.access_revision, k.allowed_hosts, k.allows_any_host,
    k.placements, k.uses, k.value_version, k.value_updated_at, k.expires_at, k.last_used_at, k.created_at, k.updated_at, k.deleted_at,
    c.id AS creator_id, c.kind AS creator_kind, c.name AS creator_name, c.email AS creator_email, c.state AS creator_state,
    (SELECT ${grants} FROM secret_grant sg ${indexHint(dialect, 'PRIMARY')}
      JOIN grantee ge ON ge.organization_id = sg.organization_id AND ge.id = sg.grantee_id
      WHERE sg.organization_id = k.organization_id AND sg.secret_key_id = k.id) AS grants`;
}

export const creatorJoin = 'LEFT JOIN grantee c ON c.organization_id = k.organization_id AND c.id = k.created_by_id';

interface GrantJson extends GranteeRecord {
  readonly permission: Permission;
}

export function secretKeyRecord(row: Row): SecretKeyRecord {
  return {
    organizationId: row.organization_id as OrganizationId,
    id: row.id as SecretKeyId,
    name: String(row.name),
    description: row.description as string | null,
    accessLevel: row.access_level as AccessLevel,
    accessRevision: Number(row.access_revision),
    grants: grantsOf(row.grants),
    allowedHosts: parseJson(row.allowed_hosts) as string[],
    allowsAnyHost: Number(row.allows_any_host) === 1,
    placements: parseJson(row.placements) as Placement[],
    uses: parseJson(row.uses) as SecretUseKind[],
    valueVersion: Number(row.value_version),
    valueUpdatedAt: Number(row.value_updated_at),
    expiresAt: row.expires_at === null ? null : Number(row.expires_at),
    lastUsedAt: Number(row.last_used_at) === 0 ? null : Number(row.last_used_at),
    createdBy:
      row.creator_id === null
        ? null
        : {
            id: row.creator_id as GranteeId,
            kind: row.creator_kind as GranteeKind,
            name: String(row.creator_name),
            email: row.creator_email as string | null,
            state: row.creator_state as GranteeState,
          },
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    deletedAt: row.deleted_at === null ? null : Number(row.deleted_at),
  };
}

const byName = (a: GrantRecord, b: GrantRecord): number =>
  a.grantee.name === b.grantee.name ? (a.grantee.id < b.grantee.id ? -1 : 1) : a.grantee.name < b.grantee.name ? -1 : 1;

function grantsOf(column: unknown): readonly GrantRecord[] {
  const grants = (parseJson(column ?? null) ?? []) as GrantJson[];
  return grants
    .map(({ permission, id, kind, name, email, state }) => ({ permission, grantee: { id, kind, name, email, state } }))
    .sort(byName);
}

/** What rules may ask about a key. Team access counts as a grant to the organization itself. */
export function secretKeySubject(
  key: Pick<SecretKeyRecord, 'organizationId' | 'accessLevel' | 'createdBy'> & {
    readonly grants: readonly { readonly grantee: { readonly id: GranteeId }; readonly permission: Permission }[];
  },
): PolicySubject {
  const use: string[] = key.accessLevel === 'TEAM' ? [key.organizationId] : [];
  const manage: string[] = [];
  for (const { grantee, permission } of key.grants) {
    use.push(grantee.id);
    if (permission === 'MANAGE') manage.push(grantee.id);
  }
  return {
    type: 'SecretKey',
    attributes: {
      organizationId: key.organizationId,
      accessLevel: key.accessLevel,
      createdById: key.createdBy?.id ?? null,
      'grantees(use)': use,
      'grantees(manage)': manage,
    },
  };
}
