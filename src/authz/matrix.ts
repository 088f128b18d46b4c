/** The access table: every action and field of every resource of the testdata, for every principal of it. */
import { cellName, cellsOf } from './cases.js';
import type { PolicySet } from './load-policies.js';
import type { Testdata } from './testdata.js';

const legend = `Who may do what, decided by the policies for the principals and resources of tests/testdata.
allow: a rule allows it.   deny: a rule forbids it.   -: no rule allows it.
`;

export interface AccessTable {
  readonly resource: string;
  readonly type: string;
  /** By action, or field such as `read.grants`: the verdict for each principal. */
  readonly cells: Readonly<Record<string, Readonly<Record<string, 'allow' | 'deny' | '-'>>>>;
}

/** One table for each resource of the testdata. */
export function accessTables(policies: PolicySet, { principals, resources }: Testdata): readonly AccessTable[] {
  const authorizers = [...principals].map(([name, principal]) => ({ name, authorizer: policies.authorize(principal) }));
  return [...resources].map(([resource, object]) => {
    const declaration = policies.catalogue.subjects.get(object.type);
    const cells = (declaration ? cellsOf(declaration) : []).map((cell) => {
      const verdicts = authorizers.map(({ name, authorizer }) => {
        const { effect, ruleId } = authorizer.decide(cell.action, object, cell.field);
        return [name, ruleId === null ? '-' : effect] as const;
      });
      return [cellName(cell), Object.fromEntries(verdicts)] as const;
    });
    return { resource, type: object.type, cells: Object.fromEntries(cells) };
  });
}

export function renderMatrix(policies: PolicySet, testdata: Testdata): string {
  const tables = accessTables(policies, testdata).map(({ resource, type, cells }) => [
    { label: `${type} ${resource}`, verdicts: [...testdata.principals.keys()] },
    ...Object.entries(cells).map(([name, verdicts]) => ({ label: labelOf(name), verdicts: Object.values(verdicts) })),
  ]);
  return `${legend}\n${tables.map(renderTable).join('\n')}`;
}

interface Row {
  readonly label: string;
  readonly verdicts: readonly string[];
}

/** Fields are indented below their action. */
function labelOf(cell: string): string {
  const [action, field] = cell.split('.');
  return field === undefined ? `  ${action}` : `    ${field}`;
}

function renderTable(rows: readonly Row[]): string {
  const labelWidth = Math.max(...rows.map(({ label }) => label.length)) + 2;
  const widths = rows[0]?.verdicts.map((name) => Math.max(name.length, 'allow'.length) + 2) ?? [];
  return rows
    .map(({ label, verdicts }) => {
      const cells = verdicts.map((verdict, column) => verdict.padEnd(widths[column] ?? 0));
      return `${label.padEnd(labelWidth)}${cells.join('')}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join('');
}
