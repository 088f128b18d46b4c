/** How grants reach a principal: directly, through a group, or because the key is the team's. */
import type { Principal } from '../../principal.js';
import type { Permission } from './secret-key.entity.js';
import type { GranteeRecord, SecretKeyRecord } from './secret-key.record.js';

export interface AccessPath {
  readonly kind: 'TEAM' | 'DIRECT' | 'GROUP';
  readonly permission: Permission;
  /** The group or the grantee itself; null for Team access. */
  readonly through: GranteeRecord | null;
}

export function accessPaths(key: Pick<SecretKeyRecord, 'accessLevel' | 'grants'>, principal: Principal): AccessPath[] {
  const paths: AccessPath[] = [];
  for (const { grantee, permission } of key.grants) {
    if (grantee.id === principal.id) paths.push({ kind: 'DIRECT', permission, through: grantee });
    else if (principal.groupIds.includes(grantee.id)) paths.push({ kind: 'GROUP', permission, through: grantee });
  }
  if (key.accessLevel === 'TEAM') paths.push({ kind: 'TEAM', permission: 'USE', through: null });
  return paths;
}
