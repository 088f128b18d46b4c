/** More members, groups and service accounts than the usual ones. */
import type { GranteeId } from '../../src/ids.js';
import { changeStanding, insertGrantee, insertGroupMembership } from '../../src/modules/organization/membership.js';
import { GranteeEntity } from '../../src/modules/organization/organization.entity.js';
import { type Client, clock, type Team } from './api.js';

type Place = Pick<Team, 'api' | 'organizationId'>;

/** Active service accounts named `account-0`, `account-1` and so on. */
export function addServiceAccounts({ api, organizationId }: Place, count: number): Promise<GranteeId[]> {
  const { database, writer } = api.services;
  return database.transaction(async (tx) => {
    const ids: GranteeId[] = [];
    for (let index = 0; index < count; index += 1) {
      const name = `account-${index}`;
      ids.push(await insertGrantee(tx, writer, { organizationId, kind: 'SERVICE_ACCOUNT', name, now: clock.now() }));
    }
    return ids;
  });
}

/** Groups named `group-0`, `group-1` and so on, with the same members. */
export function addGroups(
  { api, organizationId }: Place,
  count: number,
  members: readonly Client[],
): Promise<GranteeId[]> {
  const { database, writer } = api.services;
  return database.transaction(async (tx) => {
    const ids: GranteeId[] = [];
    for (let index = 0; index < count; index += 1) {
      const name = `group-${index}`;
      const groupId = await insertGrantee(tx, writer, { organizationId, kind: 'GROUP', name, now: clock.now() });
      for (const { id } of members)
        await insertGroupMembership(tx, writer, { organizationId, groupId, personId: id }, clock.now());
      ids.push(groupId);
    }
    return ids;
  });
}

/** Sets a grantee's state or address past the API, signed as the api does it. */
export async function alterGrantee(
  { api, organizationId }: Place,
  id: GranteeId,
  change: { readonly state: 'ACTIVE' | 'DEACTIVATED' | 'DELETED' } | { readonly email: string },
): Promise<void> {
  const { database, writer } = api.services;
  await database.transaction(async (tx) => {
    const grantee = await tx.manager.findOneByOrFail(GranteeEntity, { organizationId, id });
    if ('state' in change) await changeStanding(tx, writer, grantee, change, clock.now());
    else await tx.manager.update(GranteeEntity, { organizationId, id }, change);
  });
}
