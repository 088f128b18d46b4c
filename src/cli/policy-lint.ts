import { type Finding, lintPolicies, type PolicySet, proveSql } from '../authz/index.js';
import { Database } from '../database/database.js';
import { answerFields } from '../graphql/schema.js';
import { count, folderOf, policyOptions, report } from './policy-output.js';
import { readOptions } from './usage.js';

/**
 * Checks the folder: what a start checks, and what needs a proof over all rules, the tests, the fields of the API or the tables of the
 * database.
 */
export async function policyLint(args: string[]): Promise<number> {
  const options = readOptions(args, policyOptions);
  const { policies, loads, findings } = lintPolicies(folderOf(options.policies), answerFields());
  const refused = loads && policies !== null ? await refusedSql(policies) : [];
  const rules = policies?.rules.length ?? 0;
  return report(
    count(rules, 'rule'),
    [...refused, ...findings],
    options.json ? { policyVersion: policies?.version ?? null, rules } : null,
  );
}

async function refusedSql({ catalogue }: PolicySet): Promise<readonly Finding[]> {
  const database = await Database.openEmpty();
  try {
    return await proveSql(catalogue, (sql, parameters) => database.query(sql, parameters));
  } finally {
    await database.close();
  }
}
