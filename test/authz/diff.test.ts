import { expect } from 'chai';
import { PolicyAuthorizer } from '../../src/authz/authorizer.js';
import { type Cell, cellName } from '../../src/authz/cases.js';
import { compileRules } from '../../src/authz/compile-rules.js';
import { type AccessChange, diffPolicies, loadPolicies, type Rule } from '../../src/authz/index.js';
import { rolesOf } from '../../src/authz/rules.js';
import { allowed, either, isChanged, type Meeting, meetings, names, type Truth } from './diff-universe.js';
import { Random, randomRules, type World } from './parity.js';

const { catalogue, roles } = loadPolicies('policies');
const revision = (rules: readonly Rule[]) => ({ catalogue, roles, rules });

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
      to: random.pick([['member'], ['service-account'], ['member', 'service-account']]),
    }));
  const base = ruleSet();
  // Half of the pairs share rules, as two revisions do.
  return [base, random.chance(0.5) ? ruleSet() : [...random.some(base, 0.7), ...random.some(ruleSet(), 0.5)]];
}

function decides(rules: readonly Rule[], { principal, object }: Meeting, { action, field }: Cell): boolean {
  const compiled = compileRules(rules, rolesOf(roles, principal));
  return new PolicyAuthorizer(principal, 'random', catalogue, compiled).can(action, object, field);
}

describe('the difference between two revisions of the policies', () => {
  it('is exactly what deciding every principal and object one by one finds, for random rules', function () {
    this.timeout(60_000);
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
          expectSo(wrong === -1, `${cellName(cell)}: a ${effect} is ${isSo[wrong] ? 'missed' : 'invented'}`, meetings[wrong]);
          seen[effect] += isSo.filter(Boolean).length;
        }
        for (const { effect, example } of about) {
          const isGained = !decides(base, example, cell) && decides(head, example, cell);
          const isLost = decides(base, example, cell) && !decides(head, example, cell);
          expectSo(effect === 'gain' ? isGained : isLost, `${cellName(cell)}: an example is none`, example);
        }
        const index = seed % meetings.length;
        const meeting = meetings[index];
        if (meeting) expectSo(decides(head, meeting, cell) === after[index], 'the plain reading is wrong', meeting);
      }
    }
    for (const [effect, times] of Object.entries(seen)) expect(times, effect).to.be.greaterThan(100 * pairs);
  });
});
