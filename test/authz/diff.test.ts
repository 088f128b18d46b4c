import { expect } from 'chai';
import { PolicyAuthorizer } from '../../src/authz/authorizer.js';
import { type Cell, cellName } from '../../src/authz/cases.js';
import { compileRules } from '../../src/authz/compile-rules.js';
import { readingsOf } from '../../src/authz/decision.js';
import type { Revision } from '../../src/authz/diff-definitions.js';
import {
  type AccessChange,
  changeSentence,
  definitionSentence,
  diffPolicies,
  IncomparablePoliciesError,
  loadPolicies,
  newChanges,
  type PolicyDiff,
  PolicyError,
  type PolicySet,
  type Rule,
  readDeclaredGains,
} from '../../src/authz/index.js';
import { rolesOf } from '../../src/authz/roles.js';
import {
  allowed,
  either,
  isChanged,
  type Meeting,
  meetings,
  names,
  permissionSets,
  type Truth,
} from './diff-universe.js';
import { Random, randomRules, type World } from './parity.js';
import { type PolicyFiles, policiesFrom, withPolicyFolder } from './policy-folder.js';

const { catalogue, roles: product } = loadPolicies('policies');
const roles = { roles: product, permissionSets };
const revision = (rules: readonly Rule[]) => ({ catalogue, ...roles, rules });

/** Another seed, such as one that a failure printed: DIFF_SEED=… npm test. */
const firstSeed = Number(process.env.DIFF_SEED ?? 20_250_301);
const pairs = 2_000;
const cells: readonly Cell[] = [
  { action: 'use' },
  { action: 'read' },
  { action: 'read', field: 'name' },
  { action: 'read', field: 'grants' },
];

function randomPair(seed: number): readonly [readonly Rule[], readonly Rule[]] {
  const random = new Random(seed);
  const world: World = { random, ...names, keys: [] };
  const ruleSet = (): readonly Rule[] =>
    randomRules(world).map((rule) => ({
      ...rule,
      to: random.pick([
        ['member'],
        ['service-account'],
        ['member', 'service-account'],
        ['extra'],
        ['extra', 'service-account'],
      ]),
    }));
  const base = ruleSet();
  // Half of the pairs share rules, as two revisions do.
  return [base, random.chance(0.5) ? ruleSet() : [...random.some(base, 0.7), ...random.some(ruleSet(), 0.5)]];
}

function decides(rules: readonly Rule[], { principal, object }: Meeting, { action, field }: Cell): boolean {
  const compiled = compileRules(rules, rolesOf(roles, principal));
  return new PolicyAuthorizer(principal, 'random', catalogue, compiled, readingsOf(rules)).can(action, object, field);
}

/** Whoever may manage a key may use it. */
function isContained({ object }: Meeting): boolean {
  const [manage, use] = [object.attributes['grantees(manage)'], object.attributes['grantees(use)']];
  return Array.isArray(manage) && Array.isArray(use) && manage.every((grantee) => use.includes(grantee));
}

describe('the difference between two revisions of the policies', () => {
  it('is exactly what deciding every principal and object one by one finds, for random rules', function () {
    this.timeout(180_000);
    const seen = { gain: 0, loss: 0 };
    for (let seed = firstSeed; seed < firstSeed + pairs; seed++) {
      const [base, head] = randomPair(seed);
      const { changes } = diffPolicies(revision(base), revision(head));
      const expectSo = (isSo: boolean, what: string, meeting: Meeting | undefined): void => {
        if (isSo) return;
        throw new Error(`${what}; repeat with DIFF_SEED=${seed}: ${JSON.stringify({ meeting, base, head, changes })}`);
      };
      for (const cell of cells) {
        const about = changes.filter((change) => change.cells.some((each) => cellName(each) === cellName(cell)));
        const told = (effect: AccessChange['effect']): Truth =>
          either(about.filter((change) => change.effect === effect).map((change) => isChanged(change, roles)));
        const before = allowed(base, roles, cell);
        const after = allowed(head, roles, cell);
        const gained = after.map((isAllowed, index) => isAllowed && !before[index]);
        const lost = before.map((isAllowed, index) => isAllowed && !after[index]);
        for (const [effect, isSo, isTold] of [
          ['gain', gained, told('gain')],
          ['loss', lost, told('loss')],
        ] as const) {
          const wrong = isSo.findIndex((each, index) => each !== isTold[index]);
          expectSo(
            wrong === -1,
            `${cellName(cell)}: a ${effect} is ${isSo[wrong] ? 'missed' : 'invented'}`,
            meetings[wrong],
          );
          seen[effect] += isSo.filter(Boolean).length;
        }
        for (const { effect, example } of about) {
          const isGained = !decides(base, example, cell) && decides(head, example, cell);
          const isLost = decides(base, example, cell) && !decides(head, example, cell);
          const isOne = (effect === 'gain' ? isGained : isLost) && isContained(example);
          expectSo(isOne, `${cellName(cell)}: an example is none`, example);
        }
        const index = seed % meetings.length;
        const meeting = meetings[index];
        if (meeting) expectSo(decides(head, meeting, cell) === after[index], 'the plain reading is wrong', meeting);
      }
    }
    for (const [effect, times] of Object.entries(seen)) expect(times, effect).to.be.greaterThan(100 * pairs);
  });
});

const bound = 'organizationId: principal.organizationId';

/** A rule for members over keys that they hold a grant to manage; each test changes some of it. */
function rule(
  changed: Readonly<Partial<Record<'id' | 'effect' | 'to' | 'actions' | 'subject' | 'fields' | 'when', string>>>,
): string {
  const { when, ...keys } = {
    id: 'team/rule',
    effect: 'allow',
    to: '[member]',
    actions: '[delete]',
    subject: 'SecretKey',
    when: 'grantees(manage): { in: principal.granteeIds }',
    ...changed,
  };
  const lines = Object.entries(keys).map(([key, value]) => `  ${key}: ${value}\n`);
  return `-\n${lines.join('')}  when: { ${[bound, when].filter((term) => term !== '').join(', ')} }\n  why: Because.\n`;
}

const policiesOf = (rules: string, files: PolicyFiles = {}): PolicySet =>
  policiesFrom({ 'rules/all.yaml': rules, ...files });

const sentencesOf = ({ changes, catalogue: both }: PolicyDiff): readonly string[] =>
  changes.map((change) => changeSentence(change, both));

/** What changes between the rules of BASE and of HEAD, or between whole revisions. */
const told = (base: string | Revision, head: string | Revision): readonly string[] =>
  sentencesOf(diffPolicies(asRevision(base), asRevision(head)));

const asRevision = (given: string | Revision): Revision => (typeof given === 'string' ? policiesOf(given) : given);

describe('a change of access', () => {
  const manage = rule({});
  const creator = (keys: Parameters<typeof rule>[0] = {}): string =>
    rule({ id: 'team/creator', when: 'createdById: principal.id, accessLevel: RESTRICTED', ...keys });

  it('is told as a sentence, with whom it concerns and on which objects', () => {
    expect(told(manage, `${manage}${creator()}`)).to.deep.equal([
      'A member who created the key and holds no `manage` grant gains `delete` on restricted secret keys.',
    ]);
  });

  it('is told with a principal and an object that it concerns', () => {
    const { changes } = diffPolicies(policiesOf(manage), policiesOf(`${manage}${creator()}`));
    expect(changes.map(({ example }) => example)).to.deep.equal([
      {
        principal: {
          kind: 'PERSON',
          role: 'MEMBER',
          id: 'someone',
          organizationId: 'an-organization',
          name: 'someone',
          groupIds: [],
          permissionSets: [],
          granteeIds: ['someone', 'an-organization'],
        },
        object: {
          type: 'SecretKey',
          attributes: {
            organizationId: 'an-organization',
            accessLevel: 'RESTRICTED',
            createdById: 'someone',
            'grantees(use)': [],
            'grantees(manage)': [],
          },
        },
      },
    ]);
  });

  it('the other way round is a loss', () => {
    expect(told(`${manage}${creator()}`, manage)).to.deep.equal([
      'A member who created the key and holds no `manage` grant loses `delete` on restricted secret keys.',
    ]);
  });

  it('is told once for all roles and cells that have it alike', () => {
    const head = creator({
      to: '[admin, member, service-account]',
      actions: '[delete, rename]',
      when: 'createdById: principal.id',
    });
    expect(told(manage, `${manage}${head}`)).to.deep.equal([
      'An admin or a service account who created the key gains `rename` and `delete` on secret keys.',
      'A member who created the key gains `rename` on secret keys.',
      'A member who created the key and holds no `manage` grant gains `delete` on secret keys.',
    ]);
  });

  it('is told field by field', () => {
    const reading = (fields: string, id = 'team/read'): string => rule({ id, actions: '[read]', fields, when: '' });
    expect(told(reading('[id, name]'), `${reading('[id, name, grants]')}`)).to.deep.equal([
      'A member gains `read` of `grants` on secret keys.',
    ]);
    expect(told(manage, `${manage}${reading('[id, name]')}`)).to.deep.equal([
      'A member gains `read` with `id` and `name` on secret keys.',
    ]);
  });

  it('is none when other rules decide alike', () => {
    const apart = ['TEAM', 'RESTRICTED'].map((level) => rule({ id: `team/${level}`, when: `accessLevel: ${level}` }));
    expect(told(rule({ when: '' }), apart.join(''))).to.deep.equal([]);
    expect(told(rule({ when: 'accessLevel: TEAM' }), rule({ when: 'accessLevel: { ne: RESTRICTED }' }))).to.deep.equal(
      [],
    );
  });

  it('is none when a set is asked for in vain, since another one contains it', () => {
    const used = rule({ id: 'team/use', when: 'grantees(use): { in: principal.granteeIds }' });
    expect(told(used, `${used}${manage}`)).to.deep.equal([]);
  });

  it('comes from a deny that goes', () => {
    const deny = rule({ id: 'team/deny', effect: 'deny', when: 'createdById: null' });
    expect(told(`${manage}${deny}`, manage)).to.deep.equal([
      'A member who holds a `manage` grant gains `delete` on secret keys without `createdById`.',
    ]);
  });

  it('counts whom a constant may name', () => {
    const own = rule({ when: 'createdById: principal.id' });
    const deny = rule({ id: 'team/deny', effect: 'deny', when: 'createdById: { in: [ann, bea] }' });
    expect(told(own, `${own}${deny}`)).to.deep.equal([
      'A member who created the key loses `delete` on secret keys whose `createdById` is "ann" or "bea".',
    ]);
  });

  it('is told about groups, requests and other subjects in their own words', () => {
    const rules = (when: string): string =>
      [
        rule({ id: 'group/read', actions: '[read]', subject: 'Group', fields: '[id, members]', when }),
        rule({
          id: 'member/read',
          actions: '[read]',
          subject: 'Member',
          fields: '[id]',
          when: when && 'id: principal.id',
        }),
        rule({
          id: 'events',
          actions: '[read]',
          subject: 'AuditEvent',
          fields: '[id]',
          when: when && 'managers: { in: [crew] }',
        }),
        rule({ id: 'use', actions: '[use]', when: when && 'grantees(use): { in: principal.groupIds }' }),
        rule({ id: 'rename', actions: '[rename]', when: when && 'accessLevel: principal.role' }),
        when && rule({ id: 'call', actions: '[call]', subject: 'Operation', fields: '[auditEvents]', when: '' }),
      ].join('');
    expect(told(rules('id: { in: principal.groupIds }'), rules(''))).to.deep.equal([
      'A member loses `call` with `auditEvents` on `Operation`.',
      'A member who holds no `use` grant through a group gains `use` on secret keys.',
      'A member gains `rename` on secret keys.',
      'A member gains `read` with `id` on members other than themselves.',
      'A member gains `read` with `id` and `members` on groups they do not belong to.',
      'A member gains `read` with `id` on audit events whose `managers` do not include "crew".',
    ]);
  });

  it('follows from what a role is, not from what it is called', () => {
    const yaml = 'roles:\n  colleague: { kind: PERSON, role: MEMBER }\n';
    const renamed = policiesOf(rule({ to: '[colleague]' }), { 'roles.yaml': yaml });
    expect(told(manage, renamed)).to.deep.equal([]);
    expect(
      told(manage, policiesOf(rule({ to: '[colleague]' }), { 'roles.yaml': yaml.replace('MEMBER', 'AUDITOR') })),
    ).to.deep.equal([
      'A member who holds a `manage` grant loses `delete` on secret keys.',
      'A colleague who holds a `manage` grant gains `delete` on secret keys.',
    ]);
  });

  const offering = (permissionSets: string): PolicyFiles => ({
    'roles.yaml': `roles:\n  admin: { kind: PERSON, role: ADMIN }\n  member: { kind: PERSON, role: MEMBER }\n  service-account: { kind: SERVICE_ACCOUNT }\npermissionSets:\n${permissionSets}`,
  });
  const keeper = offering('  keeper: { offeredTo: [member, service-account], why: Keeps keys. }\n');
  const toKeeper = rule({ id: 'team/keeper', to: '[keeper]', when: '' });

  it('that a permission set brings is told of those who were given it, among whom it is offered to', () => {
    expect(told(policiesOf(manage, keeper), policiesOf(`${manage}${toKeeper}`, keeper))).to.deep.equal([
      'A member who was given `keeper` and holds no `manage` grant gains `delete` on secret keys.',
      'A service account who was given `keeper` gains `delete` on secret keys.',
    ]);
  });

  it('that stays away from those with a permission set is told of those who were not given it', () => {
    const all = rule({ id: 'team/all', when: '' });
    const deny = toKeeper.replace('effect: allow', 'effect: deny');
    expect(told(policiesOf(`${manage}${deny}`, keeper), policiesOf(`${manage}${all}${deny}`, keeper))).to.deep.equal([
      'A member who was not given `keeper` and holds no `manage` grant gains `delete` on secret keys.',
    ]);
    expect(told(policiesOf(manage, keeper), policiesOf(`${manage}${deny}`, keeper))).to.deep.equal([
      'A member who was given `keeper` and holds a `manage` grant loses `delete` on secret keys.',
    ]);
  });

  it('comes from offering a permission set to one more role, and from two sets that speak to each other', () => {
    const fewer = offering('  keeper: { offeredTo: [service-account], why: Keeps keys. }\n');
    expect(told(policiesOf(toKeeper, fewer), policiesOf(toKeeper, keeper))).to.deep.equal([
      'A member who was given `keeper` gains `delete` on secret keys.',
    ]);
    const both = offering('  keeper: { offeredTo: [member], why: A. }\n  guest: { offeredTo: [member], why: B. }\n');
    const deny = rule({ id: 'team/guest', effect: 'deny', to: '[guest]', when: '' });
    expect(told(policiesOf(deny, both), policiesOf(`${toKeeper}${deny}`, both))).to.deep.equal([
      'A member who was given `keeper` and was not given `guest` gains `delete` on secret keys.',
    ]);
  });

  it('is told with a principal who has the permission set', () => {
    const { changes } = diffPolicies(policiesOf(manage, keeper), policiesOf(`${manage}${toKeeper}`, keeper));
    expect(changes.map(({ example: { principal } }) => [principal.kind, principal.permissionSets])).to.deep.equal([
      ['PERSON', ['keeper']],
      ['SERVICE_ACCOUNT', ['keeper']],
    ]);
  });

  it('is not looked for among more combinations than the bound', () => {
    const people = (count: number): string => Array.from({ length: count }, (_, index) => `person-${index}`).join(', ');
    const among = (count: number): string => rule({ when: `grantees(use): { in: [${people(count)}] }` });
    expect(told(`${manage}${among(3)}`.replace('team/rule', 'team/a'), manage)).to.have.lengthOf(1);
    const apart = Array.from({ length: 14 }, (_, index) =>
      rule({
        id: `team/${index}`,
        when: `grantees(use): { in: [person-${index}] }, createdById: { in: [person-${index}] }`,
      }),
    );
    const grantees = rule({ id: 'team/all', when: 'grantees(use): { in: principal.granteeIds }' });
    expect(() => told(grantees, [grantees, ...apart].join(''))).to.throw(
      IncomparablePoliciesError,
      'The changed rules on SecretKey for MEMBER compare with so many constants that more than 200,000 combinations would have to be ' +
        'tried. Change fewer rules at once, or name fewer constants beside the principal.',
    );
  });
});

describe('a change of definitions', () => {
  const catalogueOf = (attributes: string, rest = 'actions: [use]'): PolicyFiles => ({
    'catalogue.yaml': `subjects:\n  Thing:\n    ${rest}\n    attributes:\n      organizationId: { type: string }\n      ${attributes}\n`,
  });
  const using = (when: string): string => rule({ subject: 'Thing', actions: '[use]', when });
  const diff = (base: PolicyFiles, head: PolicyFiles, before: string, after = before): PolicyDiff =>
    diffPolicies(policiesOf(using(before), base), policiesOf(using(after), head));

  it('is told for subjects, actions, fields, attributes and roles', () => {
    const base = catalogueOf(
      'color: { type: string }',
      'actions: [use, read]\n    fields: { read: [id, name], writeOnly: [value] }',
    );
    const head = catalogueOf(
      'color: { type: string, nullable: true }',
      'actions: [use, read, paint]\n    fields: { read: [id, value] }',
    );
    const extra = '  Other: { actions: [use], attributes: { organizationId: { type: string } } }\n';
    const one = 'roles:\n  member: { kind: PERSON, role: MEMBER }\n';
    const { definitions } = diff(
      { ...base, 'roles.yaml': `${one}  robot: { kind: SERVICE_ACCOUNT }\n` },
      {
        'catalogue.yaml': `${head['catalogue.yaml']}${extra}`,
        'roles.yaml': `${one}  admin: { kind: PERSON, role: ADMIN }\n`,
      },
      '',
    );
    expect(definitions.map(definitionSentence)).to.deep.equal([
      'The action Thing.paint is new.',
      'The field Thing.read.value is new.',
      'The attribute Thing.color has changed. What its SQL or code now says is for a reviewer who knows it: no comparison of rules shows it.',
      'The subject Other is new.',
      'The action Other.use is new.',
      'The attribute Other.organizationId is new.',
      'The role admin is new.',
      'The field Thing.read.name is gone.',
      'The write-only field Thing.value is gone.',
      'The role robot is gone.',
    ]);
  });

  it('is told for permission sets: new, gone, and offered to others', () => {
    const sets = (text: string): PolicyFiles => ({
      'roles.yaml': `roles:\n  member: { kind: PERSON, role: MEMBER }\n  robot: { kind: SERVICE_ACCOUNT }\npermissionSets:\n${text}`,
    });
    const { definitions } = diffPolicies(
      policiesOf(rule({}), sets('  a: { offeredTo: [member], why: A. }\n  b: { offeredTo: [member], why: B. }\n')),
      policiesOf(
        rule({}),
        sets('  b: { offeredTo: [member, robot], why: B. }\n  c: { offeredTo: [robot], why: C. }\n'),
      ),
    );
    expect(definitions.map(definitionSentence)).to.deep.equal([
      'The permission set b has changed.',
      'The permission set c is new.',
      'The permission set a is gone.',
    ]);
  });

  it('takes with it what rules said about a subject that is gone', () => {
    const head = policiesOf(rule({}), {});
    const base = policiesOf(
      `${rule({})}${rule({ id: 'thing', subject: 'Viewer', actions: '[read]', fields: '[id]', when: '' })}`,
    );
    const without = {
      ...head,
      catalogue: { subjects: new Map([...head.catalogue.subjects].filter(([name]) => name !== 'Viewer')) },
    };
    expect(told(base, without)).to.deep.equal(['A member loses `read` with `id` on viewers.']);
  });

  it('brings the objects with it that only one revision knows', () => {
    const plain = catalogueOf('color: { type: string }');
    const nullable = catalogueOf('color: { type: string, nullable: true }');
    expect(sentencesOf(diff(plain, nullable, 'color: { ne: red }', 'color: null'))).to.deep.equal([
      'A member loses `use` on things whose `color` is not "red" and with any `color`.',
    ]);
    expect(sentencesOf(diff(plain, nullable, 'color: red', 'color: null'))).to.deep.equal([
      'A member loses `use` on things whose `color` is "red".',
      'A member gains `use` on things without `color`.',
    ]);
    const blackAndWhite = catalogueOf('color: { type: string, values: [BLACK, WHITE] }');
    const colorful = catalogueOf('color: { type: string, values: [BLACK, WHITE, RED] }');
    expect(sentencesOf(diff(blackAndWhite, colorful, 'color: BLACK', 'color: { ne: WHITE }'))).to.deep.equal([
      'A member gains `use` on red things.',
    ]);
  });

  it('is refused when an attribute has become another one of the same name', () => {
    expect(() => diff(catalogueOf('color: { type: string }'), catalogueOf('color: { type: set }'), '')).to.throw(
      IncomparablePoliciesError,
      'The attribute Thing.color is a string in one revision and a set in the other, so that their rules cannot be compared. ' +
        'Give the new one another name.',
    );
  });
});

describe('a declared gain', () => {
  const base = rule({});
  const creator = rule({ id: 'team/creator', actions: '[delete, rename]', when: 'createdById: principal.id' });
  const declaring = (gains: string, head = `${base}${creator}`) =>
    withPolicyFolder(
      { 'rules/all.yaml': head, 'changes/new.yaml': `why: Creators tidy up.\ngains:\n${gains}` },
      (directory) => {
        const policies = loadPolicies(directory);
        return diffPolicies(policiesOf(base), policies, readDeclaredGains(directory, ['changes/new.yaml'], policies));
      },
    );
  const outcome = ({ changes, unused, catalogue: both }: PolicyDiff) => ({
    changes: changes.map((change) => [
      change.declaration && `${change.declaration.at.file}:${change.declaration.at.line}`,
      changeSentence(change, both),
    ]),
    unused: unused.map(({ file, line, message }) => `${file}:${line}: ${message}`),
  });

  it('covers what it names, and nothing else', () => {
    expect(outcome(declaring('  - { roles: [member], subject: SecretKey, actions: [rename] }\n'))).to.deep.equal({
      changes: [
        ['policies/changes/new.yaml:3', 'A member who created the key gains `rename` on secret keys.'],
        [null, 'A member who created the key and holds no `manage` grant gains `delete` on secret keys.'],
      ],
      unused: [],
    });
  });

  it('covers only those for whom its who holds', () => {
    const who = 'who: { createdById: principal.id, accessLevel: TEAM }';
    const gains = `  - { roles: [member], subject: SecretKey, actions: [delete, rename], ${who} }\n`;
    expect(outcome(declaring(gains))).to.deep.equal({
      changes: [
        ['policies/changes/new.yaml:3', 'A member who created the key gains `rename` on team secret keys.'],
        [null, 'A member who created the key gains `rename` on restricted secret keys.'],
        [
          'policies/changes/new.yaml:3',
          'A member who created the key and holds no `manage` grant gains `delete` on team secret keys.',
        ],
        [null, 'A member who created the key and holds no `manage` grant gains `delete` on restricted secret keys.'],
      ],
      unused: [],
    });
  });

  it('of a field covers that the object is seen', () => {
    const head = `${base}${rule({ id: 'team/read', actions: '[read]', fields: '[id, name]', when: '' })}`;
    const gains = '  - { roles: [member], subject: SecretKey, actions: [read], fields: [id, name] }\n';
    expect(outcome(declaring(gains, head))).to.deep.equal({
      changes: [['policies/changes/new.yaml:3', 'A member gains `read` with `id` and `name` on secret keys.']],
      unused: [],
    });
  });

  it('that does not come about is a finding, role by role and cell by cell', () => {
    const gains = '  - { roles: [member, admin], subject: SecretKey, actions: [delete, rename, use] }\n';
    expect(outcome(declaring(gains)).unused).to.deep.equal([
      'policies/changes/new.yaml:3: declares that member gains use of SecretKey, which is not so',
      'policies/changes/new.yaml:3: declares that admin gains delete of SecretKey, which is not so',
      'policies/changes/new.yaml:3: declares that admin gains rename of SecretKey, which is not so',
      'policies/changes/new.yaml:3: declares that admin gains use of SecretKey, which is not so',
    ]);
  });

  describe('that names a permission set', () => {
    const roles = `${[...product].map(({ name, kind, role }) => `  ${name}: { kind: ${kind}${role ? `, role: ${role}` : ''} }\n`).join('')}`;
    const files: PolicyFiles = {
      'roles.yaml': `roles:\n${roles}permissionSets:\n  keeper: { offeredTo: [member, service-account], why: Keeps keys. }\n  idle: { offeredTo: [member], why: Waits. }\n`,
    };
    const forKeeper = rule({ id: 'team/keeper', to: '[keeper]', actions: '[rename]', when: '' });
    const declaringOf = (gains: string) =>
      withPolicyFolder(
        { ...files, 'rules/all.yaml': `${base}${forKeeper}`, 'changes/new.yaml': `why: Keepers.\ngains:\n${gains}` },
        (directory) => {
          const policies = loadPolicies(directory);
          const declared = readDeclaredGains(directory, ['changes/new.yaml'], policies);
          return diffPolicies(policiesOf(base, files), policies, declared);
        },
      );
    const gain = 'A member or a service account who was given `keeper` gains `rename` on secret keys.';

    it('covers those who were given it, whatever their role is', () => {
      expect(outcome(declaringOf('  - { roles: [keeper], subject: SecretKey, actions: [rename] }\n'))).to.deep.equal({
        changes: [['policies/changes/new.yaml:3', gain]],
        unused: [],
      });
    });

    it('is a finding when nobody gains by the set, or the role gains nothing without it', () => {
      const gains = '  - { roles: [idle, admin], subject: SecretKey, actions: [rename] }\n';
      expect(outcome(declaringOf(gains))).to.deep.equal({
        changes: [[null, gain]],
        unused: [
          'policies/changes/new.yaml:3: declares that idle gains rename of SecretKey, which is not so',
          'policies/changes/new.yaml:3: declares that admin gains rename of SecretKey, which is not so',
        ],
      });
    });
  });

  const findingsIn = (text: string): readonly string[] =>
    withPolicyFolder({ 'rules/all.yaml': base, 'changes/new.yaml': text }, (directory) => {
      try {
        readDeclaredGains(directory, ['changes/new.yaml'], loadPolicies(directory));
        return [];
      } catch (error) {
        if (error instanceof PolicyError) return error.message.split('\n');
        throw error;
      }
    });
  const file = 'policies/changes/new.yaml';
  const refused: readonly (readonly [string, string, readonly string[]])[] = [
    ['no why and no gains', '{}', [`${file}:1: the change has no "why"`, `${file}:1: the change has no "gains"`]],
    ['an unknown key', 'why: x\ngains: []\nby: me\n', [`${file}:3: unknown key "by" in a change; known: why, gains`]],
    [
      'unknown names',
      'why: x\ngains:\n  - roles: [owner]\n    subject: Group\n    actions: [rename]\n',
      [
        `${file}:3: unknown role "owner"; known: admin, member, auditor, service-account, audit-reader, key-inventory, key-rotation, membership-reader`,
        `${file}:5: unknown action of Group "rename"; known: read, create, update, delete, addMember, removeMember`,
      ],
    ],
    [
      'an unknown subject',
      'why: x\ngains:\n  - roles: [member]\n    subject: Organisation\n    actions: [read]\n',
      [
        `${file}:4: unknown subject "Organisation"; known: Operation, Envelope, SecretKey, Workflow, WorkflowRun, WorkflowRunStep, WorkflowRunError, Grantee, Member, Group, ServiceAccount, ServiceAccountToken, PermissionSet, CustomRole, Viewer, Organization, AuditEvent`,
      ],
    ],
    [
      'a gain that lacks what it must have',
      'why: x\ngains:\n  - { subject: Group, actions: [] }\n  - { roles: [member] }\n',
      [
        `${file}:3: the gain's roles must not be empty`,
        `${file}:3: the gain's actions must not be empty`,
        `${file}:4: the gain has no "subject"`,
      ],
    ],
    [
      'a gain of fields that does not name them',
      'why: x\ngains:\n  - { roles: [member], subject: Viewer, actions: [read] }\n',
      [`${file}:3: a gain of read must list its fields`],
    ],
    [
      'fields of an action that has none',
      'why: x\ngains:\n  - { roles: [member], subject: SecretKey, actions: [use, read], fields: [name] }\n',
      [`${file}:3: a gain with fields has one action, one of: read`],
    ],
    [
      'a who that no rule could say',
      'why: x\ngains:\n  - roles: [member]\n    subject: SecretKey\n    actions: [use]\n    who:\n      createdById: 7\n',
      [`${file}:7: "createdById" must be compared with a string`],
    ],
  ];
  for (const [what, text, findings] of refused) {
    it(`is refused with ${what}`, () => {
      expect(findingsIn(text)).to.deep.equal(findings);
    });
  }

  it('counts when its file is new', () => {
    const files = { 'rules/all.yaml': base, 'changes/old.yaml': '{}' };
    const paths = withPolicyFolder(files, (old) =>
      withPolicyFolder({ ...files, 'changes/new.yaml': '{}' }, (directory) => newChanges(directory, old)),
    );
    expect(paths).to.deep.equal(['changes/new.yaml']);
  });
});
