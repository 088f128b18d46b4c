import { expect } from 'chai';
import { type Answer, newTeam, type Team } from '../support/api.js';
import {
  deleteSecretKey,
  renameSecretKey,
  secretKeys,
  setSecretAccess,
  setSecretUse,
  updateSecretValue,
} from '../support/operations.js';
import { createKey, fakeValue, uniqueName } from '../support/secret-keys.js';
import { expectSound, outcomes, outcomesSorted } from './invariants.js';

const deactivateMember =
  'mutation ($input: DeactivateMemberInput!) { deactivateMember(input: $input) { member { id } } }';
const reactivateMember =
  'mutation ($input: ReactivateMemberInput!) { reactivateMember(input: $input) { member { id } } }';
const setMemberRole = 'mutation ($input: SetMemberRoleInput!) { setMemberRole(input: $input) { member { id } } }';
const removeGroupMember =
  'mutation ($input: RemoveGroupMemberInput!) { removeGroupMember(input: $input) { group { id } } }';
const deleteGroup = 'mutation ($input: DeleteGroupInput!) { deleteGroup(input: $input) { deletedId } }';

/** Active keys that no active person who may manage reaches by a Manage grant. */
async function unmanagedKeys({ api, organizationId }: Team): Promise<unknown[]> {
  return api.services.database.query(
    `SELECT k.id FROM secret_key k WHERE k.organization_id = ? AND k.deleted_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM secret_grant g
       LEFT JOIN group_membership m ON m.organization_id = g.organization_id AND m.group_id = g.grantee_id
       JOIN grantee p ON p.organization_id = g.organization_id AND p.id = COALESCE(m.person_id, g.grantee_id)
       WHERE g.organization_id = k.organization_id AND g.secret_key_id = k.id AND g.permission = 'MANAGE'
         AND p.kind = 'PERSON' AND p.state = 'ACTIVE' AND p.role <> 'AUDITOR')`,
    [organizationId],
  );
}

describe('a key keeps a manager, whatever comes at the same time:', () => {
  let team: Team;
  beforeEach(async () => {
    team = await newTeam();
  });
  afterEach(async () => {
    await expectSound(team);
    expect(await unmanagedKeys(team)).to.deep.equal([]);
  });

  const handTo = (id: string, granteeId: string) =>
    team.bob.ask(setSecretAccess, {
      input: { id, level: 'RESTRICTED', grants: [{ granteeId, permission: 'MANAGE' }] },
    });

  /** Of two changes that leave a key without a manager together, one is refused. */
  const expectOneRefused = (answers: readonly Answer[]): void => {
    expect(outcomesSorted(answers)).to.deep.equal(['LAST_MANAGER', 'OK']);
  };

  it('its only manager is deactivated while it is handed to them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await createKey(team.bob);
      const both = [
        () => handTo(id, team.carol.id),
        () => team.alice.ask(deactivateMember, { input: { id: team.carol.id } }),
      ];
      if (round % 2 === 1) both.reverse();
      expectOneRefused(await Promise.all(both.map((ask) => ask())));
      await team.alice.ask(reactivateMember, { input: { id: team.carol.id } });
    }
  });

  it('its only manager becomes an auditor while it is handed to them', async () => {
    const id = await createKey(team.bob);
    expectOneRefused(
      await Promise.all([
        team.alice.ask(setMemberRole, { input: { id: team.carol.id, role: 'AUDITOR' } }),
        handTo(id, team.carol.id),
      ]),
    );
  });

  it('its only group loses its last person while the key is handed to the group', async () => {
    const id = await createKey(team.carol, { grants: [{ granteeId: team.bob.id, permission: 'MANAGE' }] });
    expectOneRefused(
      await Promise.all([
        handTo(id, team.growth),
        team.alice.ask(removeGroupMember, { input: { groupId: team.growth, memberId: team.bob.id } }),
      ]),
    );
  });

  it('its only group is deleted while the key is handed to the group', async () => {
    const id = await createKey(team.bob);
    const answers = await Promise.all([
      handTo(id, team.growth),
      team.alice.ask(deleteGroup, { input: { id: team.growth } }),
    ]);
    // Whoever comes second: the group is needed, or it is nobody to hand a key to.
    expect(outcomesSorted(answers).join(' and ')).to.be.oneOf(['LAST_MANAGER and OK', 'BAD_USER_INPUT and OK']);
  });

  it('both of its managers leave at once', async () => {
    await createKey(team.bob, { grants: [{ granteeId: team.carol.id, permission: 'MANAGE' }] });
    expectOneRefused(
      await Promise.all([team.bob.id, team.carol.id].map((id) => team.alice.ask(deactivateMember, { input: { id } }))),
    );
  });

  it('both managers take each other’s grant', async () => {
    const id = await createKey(team.bob, { grants: [{ granteeId: team.carol.id, permission: 'MANAGE' }] });
    const keep = (client: typeof team.bob) =>
      client.ask(setSecretAccess, {
        input: { id, level: 'RESTRICTED', grants: [{ granteeId: client.id, permission: 'MANAGE' }] },
      });
    // Whoever comes second no longer sees the key.
    expect(outcomesSorted(await Promise.all([keep(team.bob), keep(team.carol)]))).to.deep.equal(['NOT_FOUND', 'OK']);
  });
});

describe('fifty changes of all kinds at the same time', () => {
  it('end in a result or a refusal each, and leave everything sound', async () => {
    const team = await newTeam();
    const { alice, bob, carol, growth, platform } = team;
    const manage = [bob, carol].map(({ id }) => ({ granteeId: id, permission: 'MANAGE' as const }));
    const ids = await Promise.all(Array.from({ length: 5 }, () => createKey(bob, { grants: manage })));
    const kinds = [
      (id: string) => bob.ask(updateSecretValue, { input: { id, value: fakeValue() } }),
      (id: string) => carol.ask(renameSecretKey, { input: { id, name: uniqueName('Mixed') } }),
      (id: string) =>
        bob.ask(setSecretAccess, {
          input: { id, level: 'TEAM', grants: [...manage, { granteeId: platform, permission: 'USE' }] },
        }),
      (id: string) => carol.ask(setSecretUse, { input: { id, allowedHosts: ['api.example.com'], uses: ['HMAC'] } }),
      (id: string) => alice.ask(renameSecretKey, { input: { id, name: 'Contested' } }),
      (id: string) => bob.ask(deleteSecretKey, { input: { id } }),
      () => alice.ask(deactivateMember, { input: { id: carol.id } }),
      () => alice.ask(reactivateMember, { input: { id: carol.id } }),
      () => alice.ask(removeGroupMember, { input: { groupId: growth, memberId: bob.id } }),
      () => bob.ask(secretKeys, { first: 10 }),
    ];
    const answers = await Promise.all(ids.flatMap((id) => kinds.map((ask) => ask(id))));
    const refusals = new Set([
      'OK',
      'CONFLICT',
      'NOT_FOUND',
      'FORBIDDEN',
      'LAST_MANAGER',
      'UNAUTHENTICATED',
      'BAD_USER_INPUT',
    ]);
    expect(answers).to.have.length(50);
    expect(outcomes(answers).filter((outcome) => !refusals.has(outcome))).to.deep.equal([]);
    expect(outcomes(answers).filter((outcome) => outcome === 'OK').length).to.be.greaterThan(15);
    await expectSound(team);
    expect(await unmanagedKeys(team)).to.deep.equal([]);
  });
});
