import { loadInvariants, loadPolicies, proveInvariants, runPolicyTests } from '../authz/index.js';
import { count, folderOf, policyOptions, report, reportRefusal } from './policy-output.js';
import { readOptions } from './usage.js';

/** Decides every cell of the matrices and proves the invariants. */
export async function policyTest(args: string[]): Promise<number> {
  const options = readOptions(args, policyOptions);
  const folder = folderOf(options.policies);
  try {
    const policies = loadPolicies(folder);
    const { cells, failures } = runPolicyTests(policies, folder);
    const { invariants, decisions, findings } = proveInvariants(policies, loadInvariants(folder, policies));
    const examined = `${count(cells, 'cell')} and ${count(invariants, 'invariant')}, proved by ${count(decisions, 'decision')}`;
    const json = { policyVersion: policies.version, cells, invariants, decisions };
    return report(examined, [...failures, ...findings], options.json ? json : null);
  } catch (error) {
    const nothing = { policyVersion: null, cells: 0, invariants: 0, decisions: 0 };
    return reportRefusal(error, options.json ? nothing : null);
  }
}
