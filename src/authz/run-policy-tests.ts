/**
 * The matrices of `policies/tests`. A test names principals, resources and actions (`read.grants` is the field grants of the
 * action read), and lists by which rule which of these cells are allowed or denied. A cell that is not listed must be denied
 * because no rule allows it.
 */
import type { PolicySubject } from './conditions.js';
import type { PolicySet } from './load-policies.js';
import { type Finding, Findings, type Location, readYaml, type YamlNode, YamlReader } from './policy-files.js';
import { filesIn } from './policy-folder.js';
import { type Rule, requireKnown } from './rules.js';
import { loadTestdata, type Testdata } from './testdata.js';

export interface PolicyTestReport {
  /** How many cells were decided. */
  readonly cells: number;
  readonly failures: readonly Finding[];
}

const unlisted = 'deny by no rule';

/** Throws a PolicyError when a test or its data cannot be read. */
export function runPolicyTests(policies: PolicySet, directory: string): PolicyTestReport {
  const testdata = loadTestdata(directory, policies);
  const matrices = loadMatrices(directory, policies, testdata);
  const failures = matrices.flatMap((matrix) => [...check(matrix, policies, testdata)]);
  return { cells: matrices.reduce((sum, matrix) => sum + matrix.cells.size, 0), failures };
}

/** Reads `tests/*.test.yaml` of a policy folder; throws a PolicyError when one does not fit. */
export function loadMatrices(directory: string, policies: PolicySet, testdata: Testdata): readonly Matrix[] {
  const findings = new Findings();
  const reader = new YamlReader(findings);
  const matrices = filesIn(directory, 'tests', findings).flatMap((path) => {
    const file = readYaml(directory, path, findings);
    return file ? reader.items(file, path).map((node) => readMatrix(node, policies, testdata, reader)) : [];
  });
  findings.throwIfAny();
  return matrices;
}

export const untestedText = ({ id, effect }: Rule): string =>
  `${id}: decides no cell of the tests; add one to tests/ that expects "${effect}: ${id}"`;

interface Cell {
  readonly principal: string;
  readonly resource: string;
  /** `read`, or `read.grants` for a field. */
  readonly action: string;
}

export interface Expected extends Cell {
  readonly at: Location;
  /** `allow <rule>`, `deny <rule>` or `deny by no rule`. */
  readonly decision: string;
}

export interface Matrix {
  readonly name: string;
  readonly cells: ReadonlyMap<string, Expected>;
}

const keyOf = ({ principal, resource, action }: Cell): string => `${principal} ${action} ${resource}`;

function readMatrix(node: YamlNode, policies: PolicySet, testdata: Testdata, reader: YamlReader): Matrix {
  const entries = reader.record(node, 'a test', ['name', 'principals', 'resources', 'actions', 'expect']);
  const nameNode = entries.get('name');
  const name = (nameNode && reader.text(nameNode, 'the name of a test')) ?? '';
  if (!nameNode) reader.findings.add(node.at, 'missing-key', 'a test must have a name');
  const actions = names(node, entries, 'actions', null, reader);
  const cells = new Map<string, Expected>();
  const principals = names(node, entries, 'principals', testdata.principals, reader);
  const resources = names(node, entries, 'resources', testdata.resources, reader);
  const types = new Set(resources.map((name) => testdata.resources.get(name)?.type));
  for (const type of types) requireCells(type, actions, entries.get('actions')?.at ?? node.at, policies, reader);
  for (const principal of principals) {
    for (const resource of resources) {
      for (const action of actions) {
        const cell = { principal, resource, action };
        cells.set(keyOf(cell), { ...cell, at: node.at, decision: unlisted });
      }
    }
  }
  const expect = entries.get('expect');
  for (const item of expect ? reader.items(expect, 'expect') : []) {
    for (const cell of readExpected(item, policies, testdata, reader)) {
      const known = cells.get(keyOf(cell));
      if (!known) reader.findings.add(cell.at, 'outside-matrix', `"${keyOf(cell)}" is outside of the test's matrix`);
      else if (known.decision !== unlisted)
        reader.findings.add(cell.at, 'duplicate-name', `"${keyOf(cell)}" is expected twice`);
      cells.set(keyOf(cell), cell);
    }
  }
  return { name, cells };
}

/** `read.grants` must be a field of the subject under its action `read`. */
function requireCells(
  type: string | undefined,
  cells: readonly string[],
  at: Location,
  { catalogue }: PolicySet,
  reader: YamlReader,
): void {
  const declaration = type === undefined ? undefined : catalogue.subjects.get(type);
  if (!declaration) return;
  for (const cell of cells) {
    const [action = '', field] = cell.split('.');
    requireKnown(action, 'action', declaration, declaration.actions, at, reader);
    if (field === undefined || !declaration.actions.includes(action)) continue;
    requireKnown(field, 'field', declaration, declaration.fields.get(action) ?? [], at, reader);
  }
}

function readExpected(
  node: YamlNode,
  policies: PolicySet,
  testdata: Testdata,
  reader: YamlReader,
): readonly Expected[] {
  const entries = reader.record(node, 'an expectation', ['allow', 'deny', 'principals', 'resources', 'actions']);
  const effects = ['allow', 'deny'].flatMap((effect) => {
    const rule = entries.get(effect);
    if (!rule) return [];
    const id = reader.text(rule, `the rule of ${effect}`);
    if (id !== null && !policies.rules.some((each) => each.id === id && each.effect === effect)) {
      const message = `there is no rule "${id}" with the effect ${effect}; name the rule that decides, or leave what no rule allows out`;
      reader.findings.add(rule.at, 'unknown-rule', message);
    }
    return [`${effect} ${id}`];
  });
  const [decision = ''] = effects;
  if (effects.length !== 1)
    reader.findings.add(node.at, 'missing-key', 'an expectation must have either "allow: <rule>" or "deny: <rule>"');
  const principals = names(node, entries, 'principals', testdata.principals, reader);
  const resources = names(node, entries, 'resources', testdata.resources, reader);
  return names(node, entries, 'actions', null, reader).flatMap((action) =>
    principals.flatMap((principal) =>
      resources.map((resource) => ({ principal, resource, action, at: node.at, decision })),
    ),
  );
}

function names(
  node: YamlNode,
  entries: ReadonlyMap<string, YamlNode>,
  key: string,
  known: ReadonlyMap<string, unknown> | null,
  reader: YamlReader,
): readonly string[] {
  const value = entries.get(key);
  const listed = value ? reader.texts(value, key) : [];
  if (listed.length === 0) reader.findings.add(node.at, 'empty-list', `${key} must not be empty`);
  for (const name of listed) {
    if (!known || known.has(name)) continue;
    const message = `the testdata has no "${name}" among its ${key}; known: ${[...known.keys()].join(', ')}`;
    reader.findings.add(value?.at ?? node.at, 'unknown-testdata', message);
  }
  return listed;
}

function* check(matrix: Matrix, policies: PolicySet, testdata: Testdata): Generator<Finding> {
  for (const cell of matrix.cells.values()) {
    const principal = testdata.principals.get(cell.principal);
    const resource = testdata.resources.get(cell.resource);
    if (!principal || !resource) continue;
    const decided = decisionText(policies, principal, resource, cell.action);
    if (decided !== cell.decision) {
      yield {
        ...cell.at,
        code: 'wrong-decision',
        message: `${matrix.name}: ${keyOf(cell)}: expected ${cell.decision}, decided ${decided}${remedyFor(decided)}`,
      };
    }
  }
}

const anError = 'an error: ';

function remedyFor(decided: string): string {
  if (decided.startsWith(anError)) return ' Give the resource what the rule reads';
  const [effect, ruleId] = decided.split(' ');
  const expectation =
    decided === unlisted ? 'leave the cell out of expect' : `list the cell under "${effect}: ${ruleId}"`;
  return `; correct the rules or, if that is meant, ${expectation}`;
}

function decisionText(
  policies: PolicySet,
  principal: Parameters<PolicySet['authorize']>[0],
  resource: PolicySubject,
  cellAction: string,
): string {
  const [action = '', field] = cellAction.split('.');
  try {
    const { effect, ruleId } = policies.authorize(principal).decide(action, resource, field);
    return ruleId === null ? unlisted : `${effect} ${ruleId}`;
  } catch (error) {
    return `${anError}${error instanceof Error ? error.message : String(error)}`;
  }
}
