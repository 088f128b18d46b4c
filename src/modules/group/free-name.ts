import type { Transaction } from '../../database/database.js';
import { conflict } from '../../errors.js';
import type { OrganizationId } from '../../ids.js';
import { foldName } from '../names.js';

/**
 * CONFLICT when a group, or a service account, that is not deleted has this name. No unique index guards it, so whoever asks has
 * locked the organization's membership before.
 */
export async function mustBeFree(
  tx: Transaction,
  organizationId: OrganizationId,
  kind: 'GROUP' | 'SERVICE_ACCOUNT',
  name: string,
  except = '',
): Promise<void> {
  const [taken] = await tx.query(
    `SELECT 1 AS found FROM grantee
     WHERE organization_id = ? AND kind = ? AND state IN ('ACTIVE', 'DEACTIVATED') AND name_key = ? AND id <> ? LIMIT 1`,
    [organizationId, kind, foldName(name), except],
  );
  if (taken === undefined) return;
  throw conflict(`A ${kind === 'GROUP' ? 'group' : 'service account'} with this name exists in the organization.`);
}
