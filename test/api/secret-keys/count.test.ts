import { expect } from 'chai';
import { newId, type SecretKeyId } from '../../../src/ids.js';
import { SecretKeyAccessEntity, SecretKeyEntity } from '../../../src/modules/secret-key/secret-key.entity.js';
import { newTeam, type Team } from '../../support/api.js';

/** Keys of the whole team without a value, past the API. Lists read no more of a key than this. */
async function insertKeys({ api, organizationId }: Team, from: number, to: number): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, index) => {
    const name = `key ${from + index}`;
    const now = Date.now();
    return { organizationId, id: newId<SecretKeyId>(now), name, nameKey: name, accessLevel: 'TEAM' as const, now };
  });
  await api.services.database.transaction(async (tx) => {
    for (let start = 0; start < rows.length; start += 200) {
      const some = rows.slice(start, start + 200);
      await tx.manager.insert(
        SecretKeyEntity,
        some.map(({ now, ...row }) => ({
          ...row,
          description: null,
          accessRevision: 1,
          accessSignature: new Uint8Array(64),
          allowedHosts: [],
          allowsAnyHost: false,
          placements: [],
          uses: [],
          valueVersion: 1,
          valueUpdatedAt: now,
          expiresAt: null,
          lastUsedAt: 0,
          createdById: null,
          createdAt: now,
          updatedAt: now,
          deletedAt: null,
          deletedById: null,
        })),
      );
      await tx.manager.insert(
        SecretKeyAccessEntity,
        some.map(({ id, nameKey, accessLevel, now }) => ({
          organizationId,
          granteeId: organizationId,
          secretKeyId: id,
          permission: 'USE' as const,
          accessLevel,
          nameKey,
          valueUpdatedAt: now,
          lastUsedAt: 0,
        })),
      );
    }
  });
}

describe('secretKeys.totalCount', () => {
  it('is exact up to 1,000, and says so when there are more', async () => {
    const team = await newTeam();
    const { alice, bob, dave, deployBot } = team;
    const counts = async () => {
      const seen: unknown[] = [];
      for (const client of [alice, bob, dave, deployBot]) {
        const { secretKeys } = await client.data('{ secretKeys(first: 1) { totalCount totalCountIsCapped } }');
        seen.push([secretKeys.totalCount, secretKeys.totalCountIsCapped]);
      }
      return seen;
    };
    await insertKeys(team, 0, 999);
    expect(await counts()).to.deep.equal(Array(4).fill([999, false]));
    await insertKeys(team, 999, 1_000);
    expect(await counts()).to.deep.equal(Array(4).fill([1_000, false]));
    await insertKeys(team, 1_000, 1_002);
    expect(await counts()).to.deep.equal(Array(4).fill([1_000, true]));
  });
});
