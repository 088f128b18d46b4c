/** Commands on the policy folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicies, loadTestdata, policySchema, renderMatrix, runPolicyTests } from '../authz/index.js';
import { readConfig } from '../config.js';
import { readOptions } from './usage.js';

const folderOf = (given: string | undefined): string => given ?? readConfig(process.env).policiesFolder;

/** Loads the folder, which lints it: the same that a start does. Findings become the error. */
export async function policyLint(args: string[]): Promise<number> {
  const options = readOptions(args, { policies: { type: 'string' } });
  const policies = loadPolicies(folderOf(options.policies));
  process.stdout.write(`${policies.rules.length} rules, ${policies.version}: no findings\n`);
  return 0;
}

/** Runs the matrices in `tests/`. */
export async function policyTest(args: string[]): Promise<number> {
  const options = readOptions(args, { policies: { type: 'string' } });
  const folder = folderOf(options.policies);
  const { cells, failures } = runPolicyTests(loadPolicies(folder), folder);
  for (const { file, line, message } of failures) process.stdout.write(`${file}:${line}: ${message}\n`);
  process.stdout.write(`${cells} cells, ${failures.length} failures\n`);
  return failures.length === 0 ? 0 : 1;
}

/** Prints the table of who may do what; with `--write` renews it and the editor schema in the folder. */
export async function policyMatrix(args: string[]): Promise<number> {
  const options = readOptions(args, { policies: { type: 'string' }, write: { type: 'boolean' } });
  const folder = folderOf(options.policies);
  const policies = loadPolicies(folder);
  const matrix = renderMatrix(policies, loadTestdata(folder));
  if (options.write) {
    writeFileSync(join(folder, 'matrix.snapshot.txt'), matrix);
    writeFileSync(join(folder, 'schema', 'policy.schema.json'), `${JSON.stringify(policySchema(policies), null, 2)}\n`);
  } else process.stdout.write(matrix);
  return 0;
}
