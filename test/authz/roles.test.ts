import { expect } from 'chai';
import { loadPolicies } from '../../src/authz/index.js';
import type { PermissionSet, Role, Roles } from '../../src/authz/roles.js';
import { combinationsOf, kinds, rolesOf, setsFor } from '../../src/authz/roles.js';
import { findingsOf, policiesFrom } from './policy-folder.js';

const roles: readonly Role[] = [
  { name: 'admin', kind: 'PERSON', role: 'ADMIN' },
  { name: 'member', kind: 'PERSON', role: 'MEMBER' },
  { name: 'colleague', kind: 'PERSON', role: 'MEMBER' },
  { name: 'robot', kind: 'SERVICE_ACCOUNT', role: null },
];
const set = (name: string, ...offeredTo: string[]): PermissionSet => ({
  name,
  offeredTo,
  why: '',
  at: { file: '', line: 1 },
});
const known: Roles = {
  roles,
  permissionSets: [set('reader', 'member', 'robot'), set('keeper', 'robot'), set('mark', 'admin')],
};

describe('whom rules speak to', () => {
  it('are the roles that follow from the membership, then the sets that are offered to one of them, as the file lists them', () => {
    const permissionSets = ['keeper', 'mark', 'reader', 'unknown', 'admin'];
    expect(rolesOf(known, { kind: 'PERSON', role: 'MEMBER', permissionSets })).to.deep.equal([
      'member',
      'colleague',
      'reader',
    ]);
    expect(rolesOf(known, { kind: 'PERSON', role: 'ADMIN', permissionSets })).to.deep.equal(['admin', 'mark']);
    expect(rolesOf(known, { kind: 'SERVICE_ACCOUNT', role: null, permissionSets })).to.deep.equal([
      'robot',
      'reader',
      'keeper',
    ]);
    expect(rolesOf(known, { kind: 'PERSON', role: 'AUDITOR', permissionSets })).to.deep.equal([]);
    expect(rolesOf(known, { kind: 'PERSON', role: 'MEMBER', permissionSets: [] })).to.deep.equal([
      'member',
      'colleague',
    ]);
  });

  it('are told apart by the sets that rules speak to and that are offered to them', () => {
    const seen = (...to: string[]) =>
      Object.fromEntries(kinds.map((kind) => [kind.role ?? kind.kind, setsFor(known, kind, [{ to }])]));
    expect(seen('member')).to.deep.equal({ ADMIN: [], MEMBER: [], AUDITOR: [], SERVICE_ACCOUNT: [] });
    expect(seen('reader', 'keeper')).to.deep.equal({
      ADMIN: [],
      MEMBER: ['reader'],
      AUDITOR: [],
      SERVICE_ACCOUNT: ['reader', 'keeper'],
    });
  });

  it('of the product have all the sets that are offered to each role', () => {
    const policies = loadPolicies('policies');
    for (const kind of kinds) {
      const roleNames = rolesOf(policies, { ...kind, permissionSets: [] });
      const offered = policies.permissionSets.filter(({ offeredTo }) =>
        offeredTo.some((role) => roleNames.includes(role)),
      );
      expect(setsFor(policies, kind, policies.rules)).to.deep.equal(offered.map(({ name }) => name));
    }
  });
});

describe('combinations', () => {
  it('come smaller ones first, each once, with the empty one', () => {
    expect(combinationsOf(['a', 'b', 'c'])).to.deep.equal([
      [],
      ['a'],
      ['b'],
      ['c'],
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(combinationsOf([])).to.deep.equal([[]]);
  });
});

describe('roles.yaml', () => {
  const rule = `
- id: team/delete
  effect: allow
  to: [member]
  actions: [delete]
  subject: SecretKey
  when: { organizationId: principal.organizationId }
  why: Because.
`;
  const found = (yaml: string) =>
    findingsOf({ 'rules/all.yaml': rule, 'roles.yaml': yaml }).filter((line) => line.startsWith('policies/roles.yaml'));
  const member = 'roles:\n  member: { kind: PERSON, role: MEMBER }\n';
  const setOf = (text: string) => `${member}permissionSets:\n${text}`;

  it('is read with what it offers, to whom and why, in its order', () => {
    const yaml = setOf('  two-words: { offeredTo: [member], why: A. }\n  a1: { offeredTo: [member], why: B. }\n');
    const { permissionSets } = policiesFrom({ 'rules/all.yaml': rule, 'roles.yaml': yaml });
    const at = (line: number) => ({ file: 'policies/roles.yaml', line });
    expect(permissionSets).to.deep.equal([
      { name: 'two-words', offeredTo: ['member'], why: 'A.', at: at(4) },
      { name: 'a1', offeredTo: ['member'], why: 'B.', at: at(5) },
    ]);
    expect(policiesFrom({ 'rules/all.yaml': rule, 'roles.yaml': member }).permissionSets).to.deep.equal([]);
  });

  const form = 'a permission set is named in lower-case words with hyphens between them, of at most 64 characters';
  const membership = 'kind PERSON with a role ADMIN, MEMBER or AUDITOR, or kind SERVICE_ACCOUNT without a role';
  const cases: readonly (readonly [what: string, yaml: string, findings: readonly string[]])[] = [
    ['no roles', 'permissionSets: {}\n', ['1: the roles must be listed under "roles"']],
    [
      'a key that nobody reads',
      `${member}groups: {}\n`,
      ['3: unknown key "groups" in the roles; known: roles, permissionSets'],
    ],
    [
      'a role that is a wildcard',
      `${member}  "*": { kind: SERVICE_ACCOUNT }\n`,
      ['3: "*" is a wildcard; name the role'],
    ],
    ['a person without a role', `${member}  anyone: { kind: PERSON }\n`, [`3: anyone must have ${membership}`]],
    [
      'a service account with one',
      `${member}  bot: { kind: SERVICE_ACCOUNT, role: MEMBER }\n`,
      [`3: bot must have ${membership}`],
    ],
    ['a kind that there is not', `${member}  group: { kind: GROUP }\n`, [`3: group must have ${membership}`]],
    [
      'a set that is a wildcard',
      setOf('  "*": { offeredTo: [member], why: A. }\n'),
      ['4: "*" is a wildcard; name the permission set', `4: "*" is no such name: ${form}`],
    ],
    [
      'a set in capitals',
      setOf('  Reader: { offeredTo: [member], why: A. }\n'),
      [`4: "Reader" is no such name: ${form}`],
    ],
    [
      'a set with a loose hyphen',
      setOf('  reader-: { offeredTo: [member], why: A. }\n'),
      [`4: "reader-" is no such name: ${form}`],
    ],
    [
      'a set with a long name',
      setOf(`  ${'a'.repeat(65)}: { offeredTo: [member], why: A. }\n`),
      [`4: "${'a'.repeat(65)}" is no such name: ${form}`],
    ],
    [
      'a set that is called like a role',
      setOf('  member: { offeredTo: [member], why: A. }\n'),
      ['4: "member" is a role already; a rule must say which of them it means'],
    ],
    [
      'a set that is offered to nobody',
      setOf('  reader: { why: A. }\n'),
      ['4: the permission set reader has no "offeredTo": a list of roles'],
    ],
    [
      'a set that is offered to an empty list',
      setOf('  reader: { offeredTo: [], why: A. }\n'),
      ['4: the permission set reader is offered to no role'],
    ],
    [
      'a set that is offered to an unknown role',
      setOf('  reader: { offeredTo: [member, guest], why: A. }\n'),
      ['4: unknown role "guest"; known: member'],
    ],
    [
      'a set that is offered to another set',
      setOf('  a: { offeredTo: [member], why: A. }\n  b: { offeredTo: [a], why: B. }\n'),
      ['5: unknown role "a"; known: member'],
    ],
    [
      'a set without a reason',
      setOf('  reader: { offeredTo: [member] }\n'),
      ['4: the permission set reader has no "why"'],
    ],
    [
      'a set with a key that nobody reads',
      setOf('  reader: { offeredTo: [member], why: A., fields: [id] }\n'),
      ['4: unknown key "fields" in the permission set reader; known: offeredTo, why'],
    ],
    [
      'more sets than can be proved',
      setOf(Array.from({ length: 9 }, (_, index) => `  a${index}: { offeredTo: [member], why: A. }\n`).join('')),
      ['3: there are 9 permission sets; every combination of them is proved, so that 8 are the most'],
    ],
  ];
  for (const [what, yaml, findings] of cases) {
    it(`is refused with ${what}`, () => {
      expect(found(yaml)).to.deep.equal(findings.map((finding) => `policies/roles.yaml:${finding}`));
    });
  }
});
