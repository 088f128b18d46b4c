/**
 * What must hold for every principal and every object, whatever the rules say, proved over every case of the fragment. An invariant
 * forbids cells to roles: those that it lists (`never`), all that there are (`never: everything`), or all but those that it lists
 * (`mayOnly`); or it promises those that it lists (`always`). It does so for objects that fit `when` and do not fit `unless`, and of
 * which `unlessMay` is not allowed.
 */
import { type Cell, casesOf, cellName, cellsOf, objectText, principalText } from './cases.js';
import type { SubjectDeclaration } from './catalogue.js';
import { bind, predicateOf, type Term } from './conditions.js';
import type { Decision } from './decision.js';
import type { PolicySet } from './load-policies.js';
import { type Finding, Findings, type Location, readYaml, type YamlNode, YamlReader } from './policy-files.js';
import { withinReach } from './prove-rules.js';
import { namesOf, rolesOf } from './roles.js';
import { readWhen, requireKnown } from './rules.js';

export interface Invariant {
  readonly id: string;
  readonly roles: readonly string[];
  readonly why: string;
  readonly at: Location;
  readonly claims: readonly Claim[];
}

/** What an invariant forbids, or promises, about one subject. */
interface Claim {
  readonly effect: Decision['effect'];
  readonly declaration: SubjectDeclaration;
  readonly cells: readonly Cell[];
  readonly when: readonly Term[];
  /** Null when there is no exception. */
  readonly unless: readonly Term[] | null;
  readonly unlessMay: string | null;
}

export interface InvariantReport {
  readonly invariants: number;
  /** How many decisions the proof took. */
  readonly decisions: number;
  /** One for each rule that breaks an invariant, with an example. */
  readonly findings: readonly Finding[];
}

/** Reads `invariants.yaml` of a policy folder; throws a PolicyError when it does not fit. */
export function loadInvariants(directory: string, policies: PolicySet): readonly Invariant[] {
  const findings = new Findings();
  const reader = new YamlReader(findings);
  const file = readYaml(directory, 'invariants.yaml', findings);
  findings.throwIfAny();
  const invariants = reader.items(file, 'the invariants').map((node) => readInvariant(node, policies, reader));
  findings.throwIfAny();
  return invariants;
}

const keys = ['id', 'who', 'never', 'mayOnly', 'always', 'when', 'unless', 'unlessMay', 'why'];

function readInvariant(node: YamlNode, policies: PolicySet, reader: YamlReader): Invariant {
  const entries = reader.record(node, 'an invariant', keys);
  const text = (key: string): string => {
    const value = entries.get(key);
    if (!value) reader.findings.add(node.at, 'missing-key', `the invariant has no "${key}"`);
    return (value && reader.text(value, `the invariant's ${key}`)) ?? '';
  };
  const why = text('why');
  const id = text('id');
  const forbidden = readForbidden(node, entries, policies, reader);
  const unlessMay = entries.has('unlessMay') ? text('unlessMay') : null;
  const claims = forbidden.map(({ declaration, cells }) => {
    const terms = (key: string): readonly Term[] | null => {
      const value = entries.get(key);
      return value ? readWhen(value, `the invariant's ${key}`, declaration, reader).map(({ term }) => term) : null;
    };
    if (unlessMay !== null) requireKnown(unlessMay, 'action', declaration, declaration.actions, node.at, reader);
    const effect = entries.has('always') ? ('allow' as const) : ('deny' as const);
    return { effect, declaration, cells, when: terms('when') ?? [], unless: terms('unless'), unlessMay };
  });
  return { id, roles: readWho(node, entries.get('who'), policies, reader), why, at: node.at, claims };
}

function readWho(
  node: YamlNode,
  who: YamlNode | undefined,
  policies: PolicySet,
  reader: YamlReader,
): readonly string[] {
  const all = namesOf(policies);
  if (!who) {
    reader.findings.add(node.at, 'missing-key', 'the invariant has no "who": a list of roles, or everyone');
    return [];
  }
  if (who.kind === 'scalar' && who.value === 'everyone') return policies.roles.map(({ name }) => name);
  const roles = reader.texts(who, "the invariant's who");
  for (const role of roles) requireKnown(role, 'role', null, all, who.at, reader);
  return roles;
}

interface Forbidden {
  readonly declaration: SubjectDeclaration;
  readonly cells: readonly Cell[];
}

function readForbidden(
  node: YamlNode,
  entries: ReadonlyMap<string, YamlNode>,
  policies: PolicySet,
  reader: YamlReader,
): readonly Forbidden[] {
  const subjects = [...policies.catalogue.subjects.values()];
  const never = entries.get('never');
  const mayOnly = entries.get('mayOnly');
  const always = entries.get('always');
  const [listed, ...others] = [never, mayOnly, always].filter((value) => value !== undefined);
  if (!listed || others.length > 0) {
    reader.findings.add(node.at, 'missing-key', 'the invariant must have one of "never", "mayOnly" and "always"');
    return [];
  }
  if (never?.kind === 'scalar' && never.value === 'everything') {
    return subjects.map((declaration) => ({ declaration, cells: cellsOf(declaration) }));
  }
  const named = new Map(
    [...reader.entries(listed, 'the cells of an invariant')].map(([name, cells]) => {
      requireKnown(name, 'subject', null, policies.catalogue.subjects.keys(), cells.at, reader);
      return [name, readCells(cells, policies.catalogue.subjects.get(name), reader)];
    }),
  );
  return subjects.flatMap((declaration) => {
    const names = named.get(declaration.name) ?? [];
    const isMeant = mayOnly ? isOutside(names) : isAmong(names);
    const cells = cellsOf(declaration).filter(isMeant);
    return cells.length === 0 ? [] : [{ declaration, cells }];
  });
}

/** `read` names the action with all of its fields, `read.grants` one field. */
const isAmong =
  (names: readonly string[]) =>
  (cell: Cell): boolean =>
    names.includes(cell.action) || names.includes(cellName(cell));

/** Whoever may see a field sees the object, so that naming a field names the action without its other fields, too. */
const isOutside =
  (names: readonly string[]) =>
  (cell: Cell): boolean =>
    !isAmong(names)(cell) && !(cell.field === undefined && names.some((name) => name.startsWith(`${cell.action}.`)));

/** A field that goes in and never comes out may be named: the catalogue forbids it already. */
function readCells(node: YamlNode, declaration: SubjectDeclaration | undefined, reader: YamlReader): readonly string[] {
  const names = reader.texts(node, 'the cells of an invariant');
  if (!declaration) return names;
  for (const name of names) {
    const [action = '', field] = name.split('.');
    requireKnown(action, 'action', declaration, declaration.actions, node.at, reader);
    const fields = [...(declaration.fields.get(action) ?? []), ...declaration.writeOnly];
    if (field !== undefined) requireKnown(field, 'field', declaration, fields, node.at, reader);
  }
  return names;
}

/** What breaks an invariant that promises what no rule allows. */
const noRule = 'no rule';

export function proveInvariants(policies: PolicySet, invariants: readonly Invariant[]): InvariantReport {
  const findings = new Findings();
  let decisions = 0;
  for (const invariant of invariants) {
    const violations = new Map<string, string>();
    for (const claim of invariant.claims) {
      const about = policies.rules.filter(({ subject }) => subject === claim.declaration.name);
      withinReach(findings, about, () => {
        decisions += search(policies, invariant, claim, violations);
      });
    }
    for (const [ruleId, violation] of violations) {
      const rule = policies.rules.find(({ id }) => id === ruleId);
      const message = `${ruleId}: breaks ${invariant.id}: ${violation}. ${invariant.why}`;
      findings.add(rule?.at ?? invariant.at, 'broken-invariant', message);
    }
  }
  return { invariants: invariants.length, decisions, findings: findings.all };
}

/** Decides every cell of the claim in every case; keeps the plainest violation of each rule. Returns how many it decided. */
function search(
  policies: PolicySet,
  { roles }: Invariant,
  { effect, declaration, cells, when, unless, unlessMay }: Claim,
  violations: Map<string, string>,
): number {
  const besides = { when: [...when, ...(unless ?? [])], to: roles };
  let decisions = 0;
  for (const action of new Set(cells.map((cell) => cell.action))) {
    const asked = unlessMay === null ? [action] : [action, unlessMay];
    const rules = policies.rules.filter(
      ({ subject, actions }) => subject === declaration.name && actions.some((each) => asked.includes(each)),
    );
    for (const { principal, object } of casesOf(declaration, policies, rules, besides)) {
      if (!rolesOf(policies, principal).some((role) => roles.includes(role))) continue;
      const isAbout = (terms: readonly Term[]): boolean => predicateOf(bind(terms, principal), declaration)(object);
      if (!isAbout(when) || (unless !== null && isAbout(unless))) continue;
      const authorizer = policies.authorize(principal);
      if (unlessMay !== null && authorizer.can(unlessMay, object)) continue;
      for (const cell of cells.filter((each) => each.action === action)) {
        decisions += 1;
        const decided = authorizer.decide(cell.action, object, cell.field);
        const decider = decided.ruleId ?? noRule;
        if (decided.effect === effect || violations.has(decider)) continue;
        const may = decided.effect === 'allow' ? 'may' : 'may not';
        const who = principalText(principal, policies);
        violations.set(decider, `${who} ${may} ${cellName(cell)} ${objectText(object)}`);
      }
    }
  }
  return decisions;
}
