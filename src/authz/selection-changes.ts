/** Where the lists that a principal gets may differ between two revisions of the policies. */
import type { Principal } from '../principal.js';
import { accessToSql, type SqlCondition } from './access-to-sql.js';
import type { PolicySet } from './load-policies.js';

export interface SelectionChange {
  readonly subject: string;
  readonly action: string;
  readonly table: string;
  /** Conditions over the rows of the table, as {@link accessToSql} gives them. */
  readonly before: SqlCondition;
  readonly after: SqlCondition;
}

/**
 * The actions on subjects with a table for which the revisions give the principal other conditions. Where the conditions are the same,
 * so are the rows. What does not exist yet has no row, so that `create` is left out.
 */
export function selectionChanges(
  base: PolicySet,
  head: PolicySet,
  principal: Principal,
  alias: string,
): readonly SelectionChange[] {
  const names = [...new Set([...head.catalogue.subjects.keys(), ...base.catalogue.subjects.keys()])];
  return names.flatMap((subject) => {
    const declarations = [head, base].map(({ catalogue }) => catalogue.subjects.get(subject));
    const table = declarations.map((declared) => declared?.table ?? null).find((name) => name !== null);
    if (!table) return [];
    const actions = new Set(declarations.flatMap((declared) => declared?.actions ?? []));
    actions.delete('create');
    return [...actions].flatMap((action) => {
      const before = conditionOf(base, principal, subject, action, alias);
      const after = conditionOf(head, principal, subject, action, alias);
      const isSame = JSON.stringify(before) === JSON.stringify(after);
      return isSame ? [] : [{ subject, action, table, before, after }];
    });
  });
}

function conditionOf(
  policies: PolicySet,
  principal: Principal,
  subject: string,
  action: string,
  alias: string,
): SqlCondition {
  if (!policies.catalogue.subjects.get(subject)?.actions.includes(action)) return { sql: 'FALSE', parameters: [] };
  return accessToSql(policies, subject, policies.authorize(principal).accessibleBy(action, subject), alias);
}
