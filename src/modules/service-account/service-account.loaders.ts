/** Look-ups of service accounts, one statement for all that a page asks at once. */
import DataLoader from 'dataloader';
import type { Database } from '../../database/database.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import { batchOnly, rowsBy } from '../member/batching.js';
import { type ServiceAccountTokenRecord, tokenColumns, tokenRecord } from './service-account.record.js';

export interface ServiceAccountLoaders {
  /** The tokens of a service account in the order of their creation, the revoked ones included. */
  readonly tokensOfServiceAccount: DataLoader<GranteeId, ServiceAccountTokenRecord[]>;
}

export function createServiceAccountLoaders(database: Database, organizationId: OrganizationId): ServiceAccountLoaders {
  return {
    tokensOfServiceAccount: new DataLoader(async (accountIds) => {
      const rows = await database.query(
        `SELECT ${tokenColumns} FROM service_account_token
         WHERE organization_id = ? AND service_account_id IN (${accountIds.map(() => '?').join(', ')}) ORDER BY id`,
        [organizationId, ...accountIds],
      );
      const byAccount = rowsBy(rows, 'service_account_id');
      return accountIds.map((id) => (byAccount.get(id) ?? []).map(tokenRecord));
    }, batchOnly),
  };
}
