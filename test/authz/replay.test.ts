import { expect } from 'chai';
import { PolicyAuthorizer } from '../../src/authz/authorizer.js';
import { compileRules } from '../../src/authz/compile-rules.js';
import { readingsOf } from '../../src/authz/decision.js';
import {
  type Decision,
  type LoggedDecision,
  loadPolicies,
  type PolicySet,
  type PolicySubject,
  Replay,
  type Rule,
} from '../../src/authz/index.js';
import { rolesOf } from '../../src/authz/roles.js';
import { randomPrincipal, randomRules, randomWorld, subjectOf } from './parity.js';
import { admin, member, policiesFrom } from './policy-folder.js';

let decided = 0;

/** The decision as the log keeps it: after a way through JSON. */
function logged(decision: Decision): LoggedDecision {
  decided += 1;
  const { effect, ruleId, policyVersion } = decision;
  const entry = { ...decision.question(), id: `decision-${decided}`, occurredAt: 1_000, effect, ruleId, policyVersion };
  return JSON.parse(JSON.stringify(entry)) as LoggedDecision;
}

const rule = (id: string, to: string, when = '', effect = 'allow', action = 'use'): string =>
  `- { id: ${id}, effect: ${effect}, to: [${to}], actions: [${action}], subject: SecretKey, when: { organizationId: principal.organizationId${when && `, ${when}`} }, why: Because. }\n`;
const policiesWith = (...rules: string[]): PolicySet => policiesFrom({ 'rules/test.yaml': rules.join('') });
const granted = "'grantees(use)': { in: principal.granteeIds }";

const base = policiesWith(rule('by-grant', 'member, admin', granted));
const key = (...users: string[]): PolicySubject => ({
  type: 'SecretKey',
  attributes: { organizationId: 'acme', createdById: 'max', accessLevel: 'TEAM', 'grantees(use)': users },
});

function replayed(head: PolicySet, ...decisions: readonly LoggedDecision[]) {
  const replay = new Replay(base, head);
  for (const decision of decisions) replay.add(decision);
  return replay.report();
}

const nothing = { changes: [], undecided: [], contradictions: [] };

describe('a replay of logged decisions', () => {
  const allowed = logged(base.authorize(member).decide('use', key('ops')));
  const denied = logged(base.authorize(member).decide('use', key('someone')));
  const alike = (example: LoggedDecision, decisions = 1) => ({
    roles: ['member'],
    permissionSets: [],
    subjectType: 'SecretKey',
    action: 'use',
    field: null,
    decisions,
    principals: 1,
    example: { id: example.id, occurredAt: 1_000, principal: example.principal },
  });

  it('finds nothing between revisions that decide alike', () => {
    expect(replayed(base, allowed, denied)).to.deep.equal({ decisions: 2, ...nothing });
  });

  it('tells a loss with both rules, how often it was met, and the first example', () => {
    const head = policiesWith(rule('by-grant', 'admin', granted));
    expect(replayed(head, allowed, { ...allowed, id: 'later' }, denied)).to.deep.equal({
      decisions: 3,
      ...nothing,
      changes: [
        {
          effect: 'loss',
          before: { effect: 'allow', ruleId: 'by-grant' },
          after: { effect: 'deny', ruleId: null },
          ...alike(allowed, 2),
        },
      ],
    });
  });

  it('tells a gain', () => {
    const head = policiesWith(rule('by-grant', 'member, admin', granted), rule('everyone', 'member'));
    expect(replayed(head, denied)).to.deep.equal({
      decisions: 1,
      ...nothing,
      changes: [
        {
          effect: 'gain',
          before: { effect: 'deny', ruleId: null },
          after: { effect: 'allow', ruleId: 'everyone' },
          ...alike(denied),
        },
      ],
    });
  });

  it('tells apart that another rule decides the same', () => {
    const head = policiesWith(rule('another', 'member, admin', granted));
    expect(replayed(head, allowed)).to.deep.equal({
      decisions: 1,
      ...nothing,
      changes: [
        {
          effect: 'same',
          before: { effect: 'allow', ruleId: 'by-grant' },
          after: { effect: 'allow', ruleId: 'another' },
          ...alike(allowed),
        },
      ],
    });
  });

  it('does not guess what the log does not hold', () => {
    const lacking = (when: string) => replayed(policiesWith(rule('by-grant', 'member', when)), allowed);
    const undecided = (lacks: string) => ({
      decisions: 1,
      ...nothing,
      undecided: [{ revision: 'HEAD', lacks, ...alike(allowed) }],
    });
    expect(lacking('createdById: principal.id')).to.deep.equal(undecided('the attribute createdById'));
    expect(lacking("'grantees(use)': { in: [elsewhere] }")).to.deep.equal(undecided('every element of grantees(use)'));
  });

  it('knows that what no rule allows stays denied, whatever a rule that denies would read', () => {
    const deny = rule('constants', 'member', "'grantees(use)': { in: [elsewhere] }", 'deny');
    expect(replayed(policiesWith(rule('by-grant', 'member, admin', granted), deny), denied)).to.deep.equal({
      decisions: 1,
      ...nothing,
    });
  });

  it('knows that a deny which holds decides, and that an allow which holds does, whatever others would read', () => {
    const open = rule('open', 'member', 'createdById: principal.id');
    const held = policiesWith(rule('by-grant', 'member, admin', granted), open);
    expect(replayed(held, allowed)).to.deep.equal({ decisions: 1, ...nothing });
    const deny = rule('deny', 'member', granted, 'deny');
    const after = { effect: 'deny' as const, ruleId: 'deny' };
    expect(replayed(policiesWith(rule('by-grant', 'member', granted), open, deny), allowed)).to.deep.equal({
      decisions: 1,
      ...nothing,
      changes: [{ effect: 'loss', before: { effect: 'allow', ruleId: 'by-grant' }, after, ...alike(allowed) }],
    });
  });

  it('does not guess the groups of a principal whose groups the log does not hold', () => {
    const ungrouped = policiesWith(rule('everyone', 'member'));
    const { principal, ...decision } = logged(ungrouped.authorize(member).decide('use', key('ops')));
    const entry = { ...decision, principal, attributes: { ...decision.attributes, 'grantees(use)': ['ops'] } };
    const lacks = 'the groups of the principal';
    expect(replayed(base, entry)).to.deep.equal({
      decisions: 1,
      ...nothing,
      undecided: ['BASE', 'HEAD'].map((revision) => ({ revision, lacks, ...alike(entry) })),
    });
  });

  it('takes what the catalogue of a revision does not name for denied', () => {
    const unknown: LoggedDecision = { ...allowed, action: 'launch', policyVersion: 'another' };
    expect(replayed(base, unknown, { ...unknown, action: 'use', field: 'name' })).to.deep.equal({
      decisions: 2,
      ...nothing,
    });
    expect(replayed(base, { ...unknown, subjectType: 'Rocket' })).to.deep.equal({ decisions: 1, ...nothing });
  });

  it('says when the same policies decide otherwise than the log has it', () => {
    const forged: LoggedDecision = { ...allowed, ruleId: 'forged' };
    const contradiction = {
      logged: { effect: 'allow', ruleId: 'forged' },
      replayed: { effect: 'allow', ruleId: 'by-grant' },
      ...alike(forged),
    };
    expect(replayed(base, forged)).to.deep.equal({
      decisions: 1,
      ...nothing,
      contradictions: ['BASE', 'HEAD'].map((revision) => ({ revision, ...contradiction })),
    });
  });

  it('counts principals, and tells roles apart', () => {
    const head = policiesWith(rule('another', 'admin', granted));
    const ada = logged(base.authorize(admin).decide('use', key('ada')));
    const other = { ...member, id: 'mia' as typeof member.id, granteeIds: ['mia', 'ops', 'acme'] };
    const mia = logged(base.authorize(other).decide('use', key('ops')));
    const { changes } = replayed(head, allowed, ada, mia);
    expect(
      changes.map(({ effect, roles, decisions, principals }) => ({ effect, roles, decisions, principals })),
    ).to.deep.equal([
      { effect: 'loss', roles: ['member'], decisions: 2, principals: 2 },
      { effect: 'same', roles: ['admin'], decisions: 1, principals: 1 },
    ]);
  });
});

describe('random decisions', () => {
  const product = loadPolicies('policies');

  function policiesOf(rules: readonly Rule[], version: string): PolicySet {
    return {
      ...product,
      catalogue: product.catalogue,
      rules,
      version,
      authorize: (principal) =>
        new PolicyAuthorizer(
          principal,
          version,
          product.catalogue,
          compileRules(rules, rolesOf(product, principal)),
          readingsOf(rules),
        ),
    };
  }

  it('are decided again from the log as they would be from the object itself, or not at all', () => {
    const outcomes = { same: 0, changed: 0, undecided: 0 };
    for (let seed = 1; seed <= 60; seed += 1) {
      const world = randomWorld(seed);
      const [before, after] = [policiesOf(randomRules(world), 'before'), policiesOf(randomRules(world), 'after')];
      for (const object of world.keys.map(subjectOf)) {
        const principal = randomPrincipal(world);
        const action = world.random.pick(['use', 'read']);
        const [was, is] = [before, after].map((policies) => policies.authorize(principal).decide(action, object));
        if (!was || !is) throw new Error('nothing was decided');
        const replay = new Replay(before, after);
        replay.add(logged(was));
        const { changes, undecided, contradictions } = replay.report();
        expect(contradictions, `seed ${seed}`).to.deep.equal([]);
        if (undecided.length > 0) {
          outcomes.undecided += 1;
          continue;
        }
        const verdict = ({ effect, ruleId }: Decision) => ({ effect, ruleId });
        const [change] = changes;
        expect(change?.effect ?? 'same', `seed ${seed}`).to.equal(
          was.effect === is.effect ? 'same' : is.effect === 'allow' ? 'gain' : 'loss',
        );
        // Which rule decided is told where the log has what that takes; an allowed outcome is told in any case.
        if (change?.effect === 'same') {
          expect([change.before, change.after], `seed ${seed}`).to.deep.equal([verdict(was), verdict(is)]);
        }
        outcomes[was.effect === is.effect && was.ruleId === is.ruleId ? 'same' : 'changed'] += 1;
      }
    }
    for (const [outcome, times] of Object.entries(outcomes)) expect(times, outcome).to.be.greaterThan(100);
  });
});
