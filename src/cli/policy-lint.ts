import { lintPolicies } from '../authz/index.js';
import { answerFields } from '../graphql/schema.js';
import { count, folderOf, policyOptions, report } from './policy-output.js';
import { readOptions } from './usage.js';

/** Checks the folder: what a start checks, and what needs a proof over all rules, the tests or the fields of the API. */
export async function policyLint(args: string[]): Promise<number> {
  const options = readOptions(args, policyOptions);
  const { policies, findings } = lintPolicies(folderOf(options.policies), answerFields());
  const rules = policies?.rules.length ?? 0;
  return report(
    count(rules, 'rule'),
    findings,
    options.json ? { policyVersion: policies?.version ?? null, rules } : null,
  );
}
