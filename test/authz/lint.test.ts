import { expect } from 'chai';
import { loadPolicies } from '../../src/authz/index.js';
import { findingsOf, policiesFrom } from './policy-folder.js';

/** A rule that loads; each test changes a line of it. Line numbers count from `- id`. */
const rule = `- id: team/rule
  effect: allow
  to: [member]
  actions: [use]
  subject: SecretKey
  when:
    organizationId: principal.organizationId
  why: Because.
`;

const file = 'policies/rules/secret-key.yaml';
const lint = (text: string): readonly string[] => findingsOf({ 'rules/secret-key.yaml': text });
const changed = (line: string, to: string): string => {
  if (!rule.includes(line)) throw new Error(`the rule has no line ${line}`);
  return rule.replace(line, to);
};
const organization = 'organizationId: principal.organizationId';
const also = (term: string): string => changed(organization, `${organization}\n    ${term}`);
const reading = (fields: string): string => changed('actions: [use]', `actions: [read]\n  fields: ${fields}`);

const keyAttributes = 'organizationId, accessLevel, createdById, grantees(use), grantees(manage)';
const keyActions =
  'read, use, useRaw, create, rename, updateValue, setAccess, setUse, allowRaw, delete, restore, grantUse, grantManage, explain';
const principalAttributes = 'id, organizationId, kind, role, groupIds, granteeIds';

describe('lint of the policy folder', () => {
  it('finds nothing in the policies of the product', () => {
    expect(() => loadPolicies('policies')).not.to.throw();
  });

  it('finds nothing in the rule that these tests change', () => {
    expect(lint(rule)).to.deep.equal([]);
  });

  const refused: [string, string, string[]][] = [
    [
      'an allow rule that does not bind the organization',
      changed(organization, 'accessLevel: TEAM'),
      [
        `${file}:1: team/rule: an allow rule must have "organizationId: principal.organizationId"; without it tenants would meet`,
      ],
    ],
    [
      'an allow rule that binds the organization to something else',
      changed(organization, 'organizationId: { ne: principal.organizationId }'),
      [
        `${file}:1: team/rule: an allow rule must have "organizationId: principal.organizationId"; without it tenants would meet`,
      ],
    ],
    ['a rule without an id', changed('- id: team/rule\n  effect', '- effect'), [`${file}:1: the rule has no "id"`]],
    ['a rule without a why', changed('  why: Because.\n', ''), [`${file}:1: the rule has no "why"`]],
    ['a why that is empty', changed('Because.', '" "'), [`${file}:8: the rule's why must be text that is not empty`]],
    ['two rules with one id', `${rule}${rule}`, [`${file}:9: the id team/rule is taken by ${file}:1; choose another`]],
    [
      'an effect besides allow and deny',
      changed('allow', 'maybe'),
      [`${file}:1: the rule's effect must be allow or deny`],
    ],
    [
      'an unknown key',
      changed('why:', 'because:'),
      [
        `${file}:1: the rule has no "why"`,
        `${file}:8: unknown key "because" in a rule; known: id, effect, to, actions, subject, fields, when, why`,
      ],
    ],
    [
      'an unknown role',
      changed('[member]', '[owner]'),
      [
        `${file}:3: unknown role "owner"; known: admin, member, auditor, service-account, audit-reader, key-inventory, key-rotation, membership-reader`,
      ],
    ],
    ['a rule that speaks to nobody', changed('[member]', '[]'), [`${file}:3: the rule's to must not be empty`]],
    [
      'an unknown action',
      changed('[use]', '[utilize]'),
      [`${file}:4: unknown action of SecretKey "utilize"; known: ${keyActions}`],
    ],
    [
      'the wildcard action manage',
      changed('[use]', '[manage]'),
      [
        `${file}:4: "manage" is a wildcard and no action of SecretKey; name each one, so that a new one is denied first`,
      ],
    ],
    [
      'the wildcard subject all',
      changed('SecretKey', 'all'),
      [`${file}:1: "all" is a wildcard and no subject; name each one, so that a new one is denied first`],
    ],
    [
      'a pattern among the fields',
      reading(`[id, 'value*']`),
      [
        `${file}:1: team/rule: "value*" is no read field of SecretKey`,
        `${file}:5: "value*" is a wildcard and no field of SecretKey; name each one, so that a new one is denied first`,
      ],
    ],
    [
      'an unknown subject',
      changed('SecretKey', 'Vault'),
      [
        `${file}:1: unknown subject "Vault"; known: Operation, Envelope, SecretKey, Workflow, WorkflowRun, WorkflowRunStep, WorkflowRunError, WorkflowRunRedaction, Grantee, Member, Group, ServiceAccount, ServiceAccountToken, PermissionSet, CustomRole, Viewer, Organization, AuditEvent`,
      ],
    ],
    [
      'a read rule that names the value',
      reading('[id, value]'),
      [`${file}:1: team/rule: SecretKey.value is writeOnly: no rule may hand it out; take it out of the rule's fields`],
    ],
    [
      'a deny rule that names the value',
      reading('[value]').replace('allow', 'deny'),
      [`${file}:1: team/rule: SecretKey.value is writeOnly: no rule may hand it out; take it out of the rule's fields`],
    ],
    [
      'an allow rule to read without fields',
      changed('[use]', '[read]'),
      [`${file}:1: team/rule: an allow rule to read must list its fields`],
    ],
    [
      'an allow rule to read without the id',
      reading('[name]'),
      [
        `${file}:1: team/rule: an allow rule to read must list id: whoever sees a field of an object sees that it exists`,
      ],
    ],
    [
      'an empty list of fields',
      reading('[]').replace('allow', 'deny'),
      [`${file}:5: the rule's fields must not be empty`],
    ],
    [
      'fields of an action that has none',
      changed('actions: [use]', 'actions: [use]\n  fields: [id]'),
      [`${file}:1: team/rule: a rule with fields has one action, one of: read`],
    ],
    [
      'fields for two actions at once',
      reading('[id]').replace('[read]', '[read, use]'),
      [`${file}:1: team/rule: a rule with fields has one action, one of: read`],
    ],
    [
      'an unknown attribute',
      also('color: blue'),
      [`${file}:8: unknown attribute of SecretKey "color"; known: ${keyAttributes}`],
    ],
    [
      'an unknown operator',
      also('createdById: { gt: a }'),
      [`${file}:8: unknown operator "gt" for "createdById"; known: ne, in, nin`],
    ],
    [
      'an operator as in CASL',
      also('createdById: { $in: [a] }'),
      [`${file}:8: unknown operator "$in" for "createdById"; known: ne, in, nin`],
    ],
    [
      'two operators at once',
      also('createdById: { in: [a], nin: [b] }'),
      [`${file}:8: "createdById" must have exactly one operator: ne, in, nin`],
    ],
    [
      'an operator that sets do not have',
      also('grantees(use): { nin: principal.granteeIds }'),
      [`${file}:8: unknown operator "nin" for "grantees(use)"; known: in`],
    ],
    [
      'a set compared with one value',
      also('grantees(use): max'),
      [`${file}:8: "grantees(use)" is a set: write { in: … }`],
    ],
    [
      'a bare list',
      also('createdById: [a, b]'),
      [`${file}:8: "createdById" is compared with a list: write { in: […] }`],
    ],
    [
      'an unknown attribute of the principal',
      also('createdById: principal.email'),
      [`${file}:8: unknown principal attribute "email"; known: ${principalAttributes}`],
    ],
    [
      'an attribute that every object inherits as an attribute of the principal',
      also('createdById: principal.constructor'),
      [`${file}:8: unknown principal attribute "constructor"; known: ${principalAttributes}`],
    ],
    [
      'one value compared with a list of the principal',
      also('createdById: principal.groupIds'),
      [`${file}:8: principal.groupIds is a list: write { in: principal.groupIds }`],
    ],
    [
      'in with one value of the principal',
      also('createdById: { in: principal.id }'),
      [`${file}:8: "createdById" must be in a list of constants or in a list of the principal`],
    ],
    [
      'a reference inside a list of constants',
      also('createdById: { in: [principal.id] }'),
      [`${file}:8: a list holds constants only; "createdById" can be in one principal list instead`],
    ],
    ['a constant of another type', also('createdById: 7'), [`${file}:8: "createdById" must be compared with a string`]],
    [
      'a constant that the attribute never is',
      also('accessLevel: SECRET'),
      [`${file}:8: "accessLevel" is one of TEAM, RESTRICTED and never "SECRET"`],
    ],
    [
      'null for an attribute that is never null',
      also('accessLevel: null'),
      [`${file}:8: "accessLevel" is never null in the catalogue`],
    ],
    [
      'a constant that ends in a space',
      also(`createdById: 'max '`),
      [`${file}:8: a text that ends in a space is another one in JavaScript than in SQL; take the space away`],
    ],
    [
      'a key given twice',
      also('accessLevel: TEAM\n    accessLevel: RESTRICTED'),
      [`${file}:9: the key "accessLevel" is given twice; keep one of them`],
    ],
    [
      'an anchor, also one that no alias names',
      `- &a { id: x }\n${rule}`,
      [`${file}:1: the anchor &a stands here; write out what is meant, without it`],
    ],
    [
      'an alias',
      changed('Because.', '*a'),
      [`${file}:8: the alias *a stands here; write out what is meant, without it`],
    ],
    [
      'an alias of an anchor in a key',
      `&a b: *a\n`,
      [`${file}:1: the anchor &a stands here; write out what is meant, without it`],
    ],
    [
      'a custom tag',
      changed('Because.', '!secret Because.'),
      [`${file}:8: a tag stands here; write out what is meant, without it`],
    ],
    [
      'a tag of YAML',
      changed('Because.', '!!str Because.'),
      [`${file}:8: a tag stands here; write out what is meant, without it`],
    ],
    [
      'a tab that indents',
      changed('  effect', '\teffect'),
      [`${file}:2: a tab indents the line; YAML is indented by spaces`],
    ],
    [
      'a second document',
      `${rule}---\n${rule}`,
      [`${file}:9: a second document begins here; put it in a file of its own`],
    ],
    ['a key that is no text', changed('why:', '7:'), [`${file}:8: a key must be text`]],
    [
      'a number that is none',
      also('accessLevel: .inf'),
      [`${file}:8: only plain text, numbers, booleans, null, lists and maps are allowed here`],
    ],
    [
      'a control character',
      changed('Because.', 'Be\u0007cause.'),
      [`${file}:8: the line has the invisible character U+0007; take it out`],
    ],
    [
      'an escaped control character',
      changed('Because.', '"Be\\acause."'),
      [`${file}:8: the text has the invisible character U+0007; take it out`],
    ],
    [
      'a control character in a comment',
      `# \u202e\n${rule}`,
      [`${file}:1: the line has the invisible character U+202E; take it out`],
    ],
    [
      'a line that ends in half a line break',
      changed('Because.', 'Because.\r  effect: deny'),
      [`${file}:8: the line has the invisible character U+000D; take it out`],
    ],
    ...['Team/rule', 'team rule', 'team//rule', '/team', 'team/', 'tëam', 'a'.repeat(129)].map(
      (id): [string, string, string[]] => [
        `the id ${id.slice(0, 20)}`,
        changed('team/rule', id),
        [
          `${file}:1: the rule's id must be of lower-case letters, digits and hyphens, in parts with a slash between them, and at most 128 of all`,
        ],
      ],
    ),
    ['rules that are no list', 'id: x\n', [`${file}:1: a rules file must be a list`]],
  ];
  for (const [what, text, findings] of refused) {
    it(`refuses ${what}`, () => {
      expect(lint(text)).to.deep.equal(findings);
    });
  }

  it('reports every finding of every file at once', () => {
    const findings = findingsOf({
      'rules/a.yaml': changed('[member]', '[owner]').replace('Because.', '""'),
      'rules/b.yaml': changed('[use]', '[utilize]').replace('team/rule', 'other/rule'),
    });
    expect(findings).to.deep.equal([
      'policies/rules/a.yaml:3: unknown role "owner"; known: admin, member, auditor, service-account, audit-reader, key-inventory, key-rotation, membership-reader',
      `policies/rules/a.yaml:8: the rule's why must be text that is not empty`,
      `policies/rules/b.yaml:4: unknown action of SecretKey "utilize"; known: ${keyActions}`,
    ]);
  });

  it('refuses a folder without rules', () => {
    expect(findingsOf({})).to.deep.equal(['policies/rules:1: the folder has no rules, so that nothing is allowed']);
  });

  it('refuses a folder without a catalogue or roles', () => {
    expect(findingsOf({ 'catalogue.yaml': null, 'roles.yaml': null, 'rules/a.yaml': rule })).to.deep.equal([
      'policies/catalogue.yaml:1: the file does not exist; add it, to begin with as Nightsafe comes with it',
      'policies/roles.yaml:1: the file does not exist; add it, to begin with as Nightsafe comes with it',
    ]);
  });

  it('refuses a file that is not YAML, with the line', () => {
    expect(lint('- id: x\n  to: [member\n  why: y\n')).to.deep.equal([
      `${file}:3: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]`,
    ]);
  });

  it('of a file that is not YAML tells the first problem alone, from which the others may follow', () => {
    expect(lint('- id: x\n  to: [member\n  why: y\n- *a\n- a: 1\n  a: 2\n')).to.have.length(1);
    expect(lint('- a: 1\n  a: 2\n- &a x\n- !!str y\n')).to.deep.equal([
      `${file}:2: the key "a" is given twice; keep one of them`,
    ]);
  });

  it('reads files with a byte order mark and with line breaks of Windows, and takes them for the same', () => {
    const { version } = policiesFrom({ 'rules/secret-key.yaml': rule });
    for (const text of [`\ufeff${rule}`, rule.replaceAll('\n', '\r\n')])
      expect(policiesFrom({ 'rules/secret-key.yaml': text }).version).to.equal(version);
  });

  it('refuses a boolean of the catalogue that is a text', () => {
    const catalogue = `subjects:
  SecretKey:
    actions: [use]
    attributes:
      organizationId: { type: string, nullable: yes }
`;
    expect(findingsOf({ 'catalogue.yaml': catalogue, 'rules/secret-key.yaml': rule })).to.deep.equal([
      'policies/catalogue.yaml:5: nullable of SecretKey.organizationId must be true or false',
    ]);
  });

  it('refuses roles that follow from anything but a known membership', () => {
    const roles =
      'roles:\n  owner: { kind: PERSON, role: OWNER }\n  robot: { kind: PERSON }\n  all: { kind: SERVICE_ACCOUNT }\n';
    const forms = 'kind PERSON with a role ADMIN, MEMBER or AUDITOR, or kind SERVICE_ACCOUNT without a role';
    expect(findingsOf({ 'roles.yaml': roles, 'rules/a.yaml': rule })).to.deep.equal([
      `policies/roles.yaml:2: owner must have ${forms}`,
      `policies/roles.yaml:3: robot must have ${forms}`,
      'policies/roles.yaml:4: "all" is a wildcard; name the role',
    ]);
  });

  it('refuses a catalogue that could not keep its promises', () => {
    const catalogue = `subjects:
  Thing:
    table: thing; DROP
    actions: [read, manage]
    fields: { read: [id, value], writeOnly: [value], write: [id] }
    attributes:
      owners: { type: set, subsetOf: friends, anyOf: ['owner = {values}'] }
      color: { type: text }
`;
    expect(findingsOf({ 'catalogue.yaml': catalogue, 'rules/a.yaml': rule })).to.deep.equal([
      'policies/catalogue.yaml:2: "manage" is a wildcard; the catalogue names everything one by one',
      'policies/catalogue.yaml:2: Thing.value is writeOnly and cannot be a read field',
      'policies/catalogue.yaml:2: Thing.owners is a subset of "friends", which is not a declared set',
      'policies/catalogue.yaml:2: Thing must have the attribute organizationId of type string',
      'policies/catalogue.yaml:3: the table of Thing must be a plain lower-case SQL name',
      'policies/catalogue.yaml:5: fields of Thing belong to one of its actions or to writeOnly, not to "write"',
      'policies/catalogue.yaml:7: SQL of Thing.owners must use {row}, have {values} once and no placeholder of its own',
      'policies/catalogue.yaml:8: Thing.color must have a type: string, number, boolean or set',
    ]);
  });

  it('refuses a rule over an attribute without SQL when the subject has a table', () => {
    const catalogue = `subjects:
  SecretKey:
    table: secret_key
    actions: [use]
    attributes:
      organizationId: { type: string, column: organization_id }
      watchers: { type: set }
`;
    expect(
      findingsOf({ 'catalogue.yaml': catalogue, 'rules/a.yaml': also('watchers: { in: principal.granteeIds }') }),
    ).to.deep.equal([
      'policies/rules/a.yaml:1: team/rule: "watchers" has no SQL, so that lists of SecretKey could not be filtered',
    ]);
  });
});
