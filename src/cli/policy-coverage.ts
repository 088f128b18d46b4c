import { type CoverageReport, type Covered, loadPolicies, measureCoverage } from '../authz/index.js';
import { folderOf, policyOptions, report, reportRefusal } from './policy-output.js';
import { readOptions } from './usage.js';

/** Finds what the matrices leave untried. */
export async function policyCoverage(args: string[]): Promise<number> {
  const options = readOptions(args, policyOptions);
  const folder = folderOf(options.policies);
  try {
    const { findings, ...coverage } = measureCoverage(loadPolicies(folder), folder);
    return report(`tests of ${examinedBy(coverage)}`, findings, options.json ? coverage : null);
  } catch (error) {
    const none = { covered: 0, total: 0 };
    return reportRefusal(error, options.json ? { rules: none, conditions: none, cells: none } : null);
  }
}

function examinedBy({ rules, conditions, cells }: Omit<CoverageReport, 'findings'>): string {
  const part = ({ covered, total }: Covered, what: string): string => `${covered} of ${total} ${what}`;
  return [part(rules, 'rules'), part(conditions, 'conditions'), part(cells, 'cells of the catalogue')].join(', ');
}
