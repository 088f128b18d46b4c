/** The access table: every action and field of every resource of the testdata, for every principal of it. */
import type { Authorizer } from './authorizer.js';
import type { PolicySubject } from './conditions.js';
import type { PolicySet } from './load-policies.js';
import type { Testdata } from './testdata.js';

const legend = `Who may do what, decided by the policies for the principals and resources of tests/testdata.
allow: a rule allows it.   deny: a rule forbids it.   -: no rule allows it.
`;

interface Row {
  readonly label: string;
  readonly verdicts: readonly string[];
}

export function renderMatrix(policies: PolicySet, testdata: Testdata): string {
  const authorizers = [...testdata.principals.values()].map((principal) => policies.authorize(principal));
  const sections = [...testdata.resources].map(([name, resource]) => {
    const header = { label: `${resource.type} ${name}`, verdicts: [...testdata.principals.keys()] };
    return [header, ...rowsOf(policies, resource, authorizers)];
  });
  return `${legend}\n${sections.map(renderTable).join('\n')}`;
}

function rowsOf(policies: PolicySet, resource: PolicySubject, authorizers: readonly Authorizer[]): Row[] {
  const verdicts = (action: string, field?: string): readonly string[] =>
    authorizers.map((authorizer) => {
      const { effect, ruleId } = authorizer.decide(action, resource, field);
      return ruleId === null ? '-' : effect;
    });
  const { actions, fields } = policies.catalogue.subjects.get(resource.type) ?? { actions: [], fields: new Map() };
  return actions.flatMap((action) => {
    const rows = [...(fields.get(action) ?? [])].map((field) => ({
      label: `    ${field}`,
      verdicts: verdicts(action, field),
    }));
    return [{ label: `  ${action}`, verdicts: verdicts(action) }, ...rows];
  });
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
