import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, newTeam } from '../../support/api.js';
import { giveSets, makeMember } from '../../support/membership.js';
import { secretKey, secretKeys, setSecretAccess } from '../../support/operations.js';
import { addGroups } from '../../support/people.js';
import { createKey, deleteKey, type GrantInput } from '../../support/secret-keys.js';

const keyCount = 40;
const grantees = 9;

const plans = fc.array(
  fc.record({
    creator: fc.nat(2),
    level: fc.constantFrom<('TEAM' | 'RESTRICTED')[]>('RESTRICTED', 'RESTRICTED', 'RESTRICTED', 'TEAM'),
    grants: fc.uniqueArray(
      fc.record({ grantee: fc.nat(grantees - 1), permission: fc.constantFrom<('USE' | 'MANAGE')[]>('USE', 'MANAGE') }),
      { maxLength: 4, selector: ({ grantee }) => grantee },
    ),
    /** Whether the grants replace the creator's own, where someone is left to manage. */
    leaves: fc.boolean(),
    isDeleted: fc.nat(5).map((roll) => roll === 0),
  }),
  { minLength: keyCount, maxLength: keyCount },
);

describe('the list of keys and the look at one key', () => {
  it('agree on what everyone sees, manages and created, whatever the grants are', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const team = await newTeam();
        const { alice, bob, carol, dave, deployBot, growth, platform, stranger } = team;
        const [mixed = growth, empty = growth] = [
          ...(await addGroups(team, 1, [bob, dave])),
          ...(await addGroups(team, 1, [])),
        ];
        const [inventory, rotation] = [await makeMember(alice, 'Ines'), await makeMember(alice, 'Rolf')];
        await giveSets(alice, inventory, 'key-inventory', 'audit-reader');
        await giveSets(alice, rotation, 'key-rotation');
        const creators = [alice, bob, carol];
        const ids = [alice.id, bob.id, carol.id, dave.id, deployBot.id, growth, platform, mixed, empty];

        const keys: { readonly id: string; readonly creator: Client }[] = [];
        for (const { creator: index, level, grants, leaves, isDeleted } of plan) {
          const creator = creators[index] ?? bob;
          const asked = grants.map(
            ({ grantee, permission }): GrantInput => ({ granteeId: ids[grantee] ?? '', permission }),
          );
          const id = await createKey(creator, { level, grants: asked });
          if (leaves) {
            // LAST_MANAGER leaves everything as it is, which is as good a case.
            await creator.ask(setSecretAccess, { input: { id, level, grants: asked } });
          }
          if (isDeleted) await deleteKey(alice, id);
          keys.push({ id, creator });
        }
        await createKey(stranger, { level: 'TEAM' });

        for (const client of [alice, bob, carol, dave, deployBot, inventory, rotation]) {
          const looked = await Promise.all(
            keys.map(async ({ id, creator }) => ({ creator, key: (await client.data(secretKey, { id })).secretKey })),
          );
          const seen = looked.filter(({ key }) => key !== null);
          const idsOf = (some: typeof seen) => some.map(({ key }) => key.id as string).sort();
          const listed = async (scope: string) => {
            const page = (await client.data(secretKeys, { first: 100, filter: { scope } })).secretKeys;
            const found: string[] = page.nodes.map(({ id }: { id: string }) => id);
            expect(page.totalCount).to.equal(found.length);
            return found.sort();
          };
          expect(await listed('ALL')).to.deep.equal(idsOf(seen));
          if (client === inventory || client === rotation) {
            expect(seen).to.have.lengthOf(plan.filter(({ isDeleted }) => !isDeleted).length);
          }
          expect(await listed('TEAM')).to.deep.equal(idsOf(seen.filter(({ key }) => key.accessLevel === 'TEAM')));
          expect(await listed('RESTRICTED')).to.deep.equal(
            idsOf(seen.filter(({ key }) => key.accessLevel === 'RESTRICTED')),
          );
          expect(await listed('CREATED_BY_ME')).to.deep.equal(idsOf(seen.filter(({ creator }) => creator === client)));
          if (client !== alice && client !== dave) {
            // An administrator manages without a grant too, an auditor not even with one.
            expect(await listed('MANAGED_BY_ME')).to.deep.equal(
              idsOf(seen.filter(({ key }) => key.viewerCan.includes('SET_ACCESS'))),
            );
          }
        }
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
