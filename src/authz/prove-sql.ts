/**
 * Proves that a database takes the SQL of the catalogue: its tables, its columns, and the conditions of its sets. What the SQL means is
 * for a reviewer; that it is none at all would show in the first list that somebody asks for.
 */
import { accessToSql, type SqlCondition } from './access-to-sql.js';
import type { Catalogue } from './catalogue.js';
import type { Finding } from './policy-files.js';

/** Runs a statement; rejects when the database does not take it. */
export type Ask = (sql: string, parameters: readonly unknown[]) => Promise<unknown>;

export async function proveSql(catalogue: Catalogue, ask: Ask): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { what, at, sql, parameters } of statementsOf(catalogue)) {
    try {
      await ask(sql, parameters);
    } catch (error) {
      // TypeORM puts the kind of the driver's error before its text.
      const reason = (error instanceof Error ? error.message : String(error)).replace(/^\w+Error: /, '');
      findings.push({ ...at, code: 'invalid-sql', message: `the database refuses the SQL of ${what}: ${reason}` });
    }
  }
  return findings;
}

interface Statement extends SqlCondition {
  /** Such as `SecretKey.createdById`. */
  readonly what: string;
  readonly at: Pick<Finding, 'file' | 'line'>;
}

/** They select no row, so that only the database's reading of them costs anything. */
function* statementsOf(catalogue: Catalogue): Generator<Statement> {
  for (const { name, table, attributes, at } of catalogue.subjects.values()) {
    if (table === null) continue;
    for (const [attribute, declared] of attributes) {
      const what = `${name}.${attribute}`;
      if (declared.type !== 'set') {
        const { column } = declared;
        if (column !== null) yield { what, at, sql: `SELECT r.${column} FROM ${table} r WHERE 1 = 0`, parameters: [] };
      } else if (declared.anyOf !== null) {
        const access = { kind: 'membership', attribute, values: ['nobody'] } as const;
        const { sql, parameters } = accessToSql({ catalogue }, name, access, 'r');
        yield { what, at, sql: `SELECT 1 FROM ${table} r WHERE 1 = 0 AND ${sql}`, parameters };
      }
    }
  }
}
