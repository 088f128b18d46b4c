import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessTables, loadPolicies, loadTestdata, policySchemaText, renderMatrix } from '../authz/index.js';
import { folderOf, policyOptions } from './policy-output.js';
import { readOptions } from './usage.js';

/** Prints the table of who may do what; with `--write` renews it and the editor schema in the folder. */
export async function policyMatrix(args: string[]): Promise<number> {
  const options = readOptions(args, { ...policyOptions, write: { type: 'boolean' } });
  const folder = folderOf(options.policies);
  const policies = loadPolicies(folder);
  const testdata = loadTestdata(folder, policies);
  const matrix = renderMatrix(policies, testdata);
  if (options.write) {
    writeFileSync(join(folder, 'matrix.snapshot.txt'), matrix);
    mkdirSync(join(folder, 'schema'), { recursive: true });
    writeFileSync(join(folder, 'schema', 'policy.schema.json'), policySchemaText(policies));
  } else if (options.json) process.stdout.write(`${JSON.stringify(accessTables(policies, testdata), null, 2)}\n`);
  else process.stdout.write(matrix);
  return 0;
}
