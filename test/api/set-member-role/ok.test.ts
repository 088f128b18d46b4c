import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, makeGroup, unchangedMembership, usualMembers } from '../../support/membership.js';
import { memberById, setMemberRole } from '../../support/membership-operations.js';
import { auditEvents, createSecretKey, secretKey } from '../../support/operations.js';
import { createKey, fakeValue, uniqueName } from '../../support/secret-keys.js';

describe('setMemberRole', () => {
  it('gives a member each role, and writes nothing when they have it already', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    let expected: object = (await usualMembers(team)).bob;
    for (const role of ['ADMIN', 'AUDITOR', 'MEMBER']) {
      const started = Date.now();
      const input = { id: bob.id, role };
      const { setMemberRole: changed } = await alice.data(setMemberRole, { input });
      expected = { ...expected, role, updatedAt: instantSince(started, changed.member.updatedAt) };
      expect(changed).to.deep.equal({ member: expected });
      expect(await unchangedMembership(team, () => alice.data(setMemberRole, { input }))).to.deep.equal({
        setMemberRole: changed,
      });
      expect(await bob.data(memberById, { id: bob.id })).to.deep.equal(changed);
    }
  });

  it('holds on the next request', async () => {
    const { alice, bob, carol } = await newTeam();
    const hidden = await createKey(carol);
    const sees = async () => (await bob.data(secretKey, { id: hidden })).secretKey !== null;
    const auditLog = async () => (await bob.ask(auditEvents)).errors?.[0]?.extensions.code ?? 'shown';
    const administers = async () => {
      const { errors } = await bob.ask('mutation { createGroup(input: { name: "" }) { group { id } } }');
      return errors?.[0]?.extensions.code;
    };
    const creates = async () => {
      const input = { name: uniqueName(), value: fakeValue(), access: { level: 'RESTRICTED', grants: [] } };
      const { errors } = await bob.ask(createSecretKey, { input });
      return errors?.[0]?.extensions.code ?? 'created';
    };
    const standing = async () => [await sees(), await auditLog(), await administers(), await creates()];
    const become = (role: string) => alice.data(setMemberRole, { input: { id: bob.id, role } });
    const member = [false, 'FORBIDDEN', 'FORBIDDEN', 'created'];

    await become('AUDITOR');
    expect(await standing()).to.deep.equal([true, 'shown', 'FORBIDDEN', 'FORBIDDEN']);
    await become('MEMBER');
    expect(await standing()).to.deep.equal(member);
    await become('ADMIN');
    expect(await standing()).to.deep.equal([true, 'shown', 'BAD_USER_INPUT', 'created']);
    await become('MEMBER');
    expect(await standing()).to.deep.equal(member);
  });

  it('lets an administrator step down when there is another one', async () => {
    const { alice, bob } = await newTeam();
    await alice.data(setMemberRole, { input: { id: bob.id, role: 'ADMIN' } });
    const { setMemberRole: changed } = await alice.data(setMemberRole, { input: { id: alice.id, role: 'MEMBER' } });
    expect(changed.member.role).to.equal('MEMBER');
    await makeGroup(bob);
    expect(await alice.refusal(setMemberRole, { input: { id: alice.id, role: 'ADMIN' } })).to.deep.equal({
      code: 'FORBIDDEN',
    });
  });
});
