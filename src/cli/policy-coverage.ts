import { type Covered, loadPolicies, measureCoverage } from '../authz/index.js';
import { folderOf, policyOptions, report } from './policy-output.js';
import { readOptions } from './usage.js';

/** Finds what the matrices leave untried. */
export async function policyCoverage(args: string[]): Promise<number> {
  const options = readOptions(args, policyOptions);
  const folder = folderOf(options.policies);
  const { findings, ...coverage } = measureCoverage(loadPolicies(folder), folder);
  const part = ({ covered, total }: Covered, what: string): string => `${covered} of ${total} ${what}`;
  const examined = [
    part(coverage.rules, 'rules'),
    part(coverage.conditions, 'conditions'),
    part(coverage.cells, 'cells of the catalogue'),
  ];
  return report(`tests of ${examined.join(', ')}`, findings, options.json ? coverage : null);
}
