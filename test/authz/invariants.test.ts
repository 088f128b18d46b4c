import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadInvariants, loadPolicies, PolicyError, proveInvariants } from '../../src/authz/index.js';
import { readPolicies } from '../../src/authz/load-policies.js';
import { packageRoot } from '../../src/paths.js';
import { type PolicyFiles, withPolicyFolder } from './policy-folder.js';

/** The policies of the product, to be broken. */
const product = Object.fromEntries(
  readdirSync(join(packageRoot, 'policies'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => [path, readFileSync(join(packageRoot, 'policies', path), 'utf8')]),
);

function replaced(path: string, text: string, by: string): PolicyFiles {
  const before = product[path];
  if (!before?.includes(text)) throw new Error(`${path} does not say what this test replaces`);
  return { [path]: before.replace(text, by) };
}

/** One more rule. */
const rule = (to: string, subject: string, action: string, when: string, fields = ''): PolicyFiles => ({
  'rules/mistake.yaml': `- { id: a/mistake, effect: allow, to: [${to}], actions: [${action}], subject: ${subject}, ${fields} when: { ${when} }, why: Why not. }\n`,
});

const organization = 'organizationId: principal.organizationId';

/** What the invariants say against the product with these files over it, even where it would not load. */
function violations(files: PolicyFiles): readonly string[] {
  return withPolicyFolder({ ...product, ...files }, (directory) => {
    const { policies } = readPolicies(directory);
    if (!policies) throw new Error('the policies cannot be read');
    const { findings } = proveInvariants(policies, loadInvariants(directory, policies));
    return findings.map(({ message }) => message);
  });
}

describe('the invariants of the product', () => {
  it('hold in its policies', () => {
    expect(violations({})).to.deep.equal([]);
  });

  const key = 'SecretKey { organizationId: an-organization,';
  const broken: [string, PolicyFiles, string][] = [
    [
      'the catalogue lets the value out and a rule shows it',
      {
        ...replaced('catalogue.yaml', '      writeOnly: [value]\n', '        - value\n'),
        ...rule('admin', 'SecretKey', 'read', organization, 'fields: [id, value],'),
      },
      `breaks a-value-never-comes-out: admin someone of an-organization may read.value ${key} grantees(use): [], grantees(manage): [] }.`,
    ],
    [
      'a rule does not bind the organization',
      rule('member', 'SecretKey', 'use', "'grantees(use)': { in: principal.granteeIds }"),
      'breaks organizations-never-meet: member someone of an-organization may use SecretKey { organizationId: another-organization, grantees(use): [someone] }.',
    ],
    [
      'an auditor tidies up',
      rule('auditor', 'Group', 'delete', organization),
      'breaks an-auditor-changes-nothing: auditor someone of an-organization may delete Group { organizationId: an-organization }.',
    ],
    [
      'an admin uses a key that was not shared with them',
      rule('admin', 'SecretKey', 'use', organization),
      `breaks a-key-is-used-by-grant-alone: admin someone of an-organization may use ${key} grantees(use): [] }.`,
    ],
    [
      'whoever uses a key hands it on',
      rule(
        'member',
        'SecretKey',
        'setAccess, grantManage',
        `${organization}, 'grantees(use)': { in: principal.granteeIds }`,
      ),
      `breaks access-is-handed-out-by-managers-and-admins: member someone of an-organization may setAccess ${key} grantees(use): [someone], grantees(manage): [] }.`,
    ],
    [
      'a manager hands out a permission, and may not set access',
      replaced(
        'rules/secret-key.yaml',
        'actions: [rename, updateValue, setAccess, setUse, allowRaw, delete, restore, grantUse, grantManage, explain]',
        'actions: [rename, updateValue, setUse, allowRaw, delete, restore, grantUse, grantManage, explain]',
      ),
      `breaks whoever-hands-out-a-permission-may-set-access: member someone of an-organization may grantUse ${key} grantees(manage): [someone] }.`,
    ],
    [
      'nobody may open some keys again',
      {
        'rules/mistake.yaml':
          '- { id: a/mistake, effect: deny, to: [admin], actions: [grantManage], subject: SecretKey, when: { accessLevel: RESTRICTED }, why: Why not. }\n',
      },
      `a/mistake: breaks a-key-is-never-without-a-manager: admin someone of an-organization may not grantManage ${key} accessLevel: RESTRICTED, grantees(manage): [] }.`,
    ],
    [
      'a member deletes what another made',
      rule('member', 'Workflow', 'delete', organization),
      'breaks a-workflow-is-deleted-by-its-creator-and-admins: member someone of an-organization may delete Workflow {',
    ],
    [
      'a member ends the run of another',
      rule('member', 'WorkflowRun', 'cancel', organization),
      'breaks what-a-run-brought-back-is-not-the-whole-teams: member someone of an-organization may cancel WorkflowRun {',
    ],
    [
      'an auditor reads what their own run brought back',
      rule('auditor', 'WorkflowRunStep', 'read', `${organization}, startedById: principal.id`, 'fields: [id, output],'),
      'breaks an-auditor-sees-no-results: auditor someone of an-organization may read.output WorkflowRunStep {',
    ],
    [
      'a service account puts people into groups',
      rule('service-account', 'Group', 'addMember', organization),
      'breaks a-service-account-never-administers-membership: service-account someone of an-organization may addMember Group { organizationId: an-organization }.',
    ],
    [
      'a member gives roles to themselves',
      rule('member', 'Operation', 'call', organization, 'fields: [assignCustomRole],'),
      'breaks custom-roles-are-composed-by-admins: member someone of an-organization may call.assignCustomRole Operation { organizationId: an-organization }.',
    ],
    [
      'whoever rotates keys sends them elsewhere',
      rule('key-rotation', 'SecretKey', 'setUse', organization),
      `breaks whoever-rotates-keys-changes-nothing-else: member and key-rotation someone of an-organization may setUse ${key} grantees(use): [], grantees(manage): [] }.`,
    ],
  ];
  for (const [what, files, violation] of broken) {
    it(`are broken, exactly one of them, when ${what}`, () => {
      const found = violations(files);
      expect(found).to.have.length(1);
      expect(found[0]).to.contain(violation);
    });
  }

  it('are broken here one by one', () => {
    const ids = [...(product['invariants.yaml'] ?? '').matchAll(/^- id: (\S+)$/gm)].map(([, id]) => id);
    expect(broken.map(([, , violation]) => /^(?:a\/mistake: )?breaks (\S+):/.exec(violation)?.[1])).to.deep.equal(ids);
  });
});

describe('the invariants', () => {
  const refusals = (text: string): readonly string[] =>
    withPolicyFolder({ ...product, 'invariants.yaml': text }, (directory) => {
      try {
        loadInvariants(directory, loadPolicies(directory));
        return [];
      } catch (error) {
        if (error instanceof PolicyError) return error.message.split('\n');
        throw error;
      }
    });

  it('are refused when they name what is not there', () => {
    expect(
      refusals(`- id: x
  who: [everybody]
  never:
    Group: [remove, update, read.secrets]
  when:
    owner: a
  unlessMay: rule
  why: Because.
- id: y
  who: everyone
  never: everything
  mayOnly: {}
  but: x
`),
    ).to.deep.equal([
      'policies/invariants.yaml:1: unknown action of Group "rule"; known: read, create, update, delete, addMember, removeMember',
      'policies/invariants.yaml:2: unknown role "everybody"; known: admin, member, auditor, service-account, audit-reader, key-inventory, key-rotation, membership-reader',
      'policies/invariants.yaml:4: unknown action of Group "remove"; known: read, create, update, delete, addMember, removeMember',
      'policies/invariants.yaml:4: unknown field of Group "secrets"; known: id, name, description, members, memberCount, createdAt, updatedAt',
      'policies/invariants.yaml:6: unknown attribute of Group "owner"; known: organizationId, id',
      'policies/invariants.yaml:9: the invariant has no "why"',
      'policies/invariants.yaml:9: the invariant must have one of "never", "mayOnly" and "always"',
      'policies/invariants.yaml:13: unknown key "but" in an invariant; known: id, who, never, mayOnly, always, when, unless, unlessMay, why',
    ]);
  });

  it('forbid, by mayOnly, also what is added to the catalogue later', () => {
    const files = {
      ...replaced(
        'catalogue.yaml',
        'actions: [read, create, update, delete, addMember, removeMember]',
        'actions: [read, create, update, delete, addMember, removeMember, merge]',
      ),
      ...rule('auditor', 'Group', 'merge', organization),
    };
    expect(violations(files)).to.have.length(1);
  });
});
