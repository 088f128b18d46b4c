/** How grants reach a principal: directly, through a group, or because the key is the team's. */
import type { GranteeId } from '../../ids.js';
import type { Principal } from '../../principal.js';
import type { AccessLevel, Permission } from './secret-key.entity.js';
import type { GranteeRecord } from './secret-key.record.js';

export interface AccessPath<Grantee = GranteeRecord> {
  readonly kind: 'TEAM' | 'DIRECT' | 'GROUP';
  readonly permission: Permission;
  /** The group or the grantee itself; null for Team access. */
  readonly through: Grantee | null;
}

export function accessPaths<Grantee extends { readonly id: GranteeId }>(
  key: {
    readonly accessLevel: AccessLevel;
    readonly grants: readonly { readonly grantee: Grantee; readonly permission: Permission }[];
  },
  principal: Principal,
): AccessPath<Grantee>[] {
  const paths: AccessPath<Grantee>[] = [];
  for (const { grantee, permission } of key.grants) {
    if (grantee.id === principal.id) paths.push({ kind: 'DIRECT', permission, through: grantee });
    else if (principal.groupIds.includes(grantee.id)) paths.push({ kind: 'GROUP', permission, through: grantee });
  }
  if (key.accessLevel === 'TEAM') paths.push({ kind: 'TEAM', permission: 'USE', through: null });
  return paths;
}
