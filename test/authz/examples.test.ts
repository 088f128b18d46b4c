/** The worked changes of docs/policies.md, laid over the policies of the product as an adopter would make them. */
import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import {
  accessTables,
  changeSentence,
  definitionSentence,
  diffPolicies,
  lintPolicies,
  loadInvariants,
  loadPolicies,
  loadTestdata,
  measureCoverage,
  newChanges,
  type PolicySet,
  proveInvariants,
  readDeclaredGains,
  runPolicyTests,
  type Testdata,
} from '../../src/authz/index.js';
import { answerFields } from '../../src/graphql/schema.js';
import { expectGolden } from '../cli/golden-file.js';
import { examples, layExample, productPolicies as product } from '../support/example-policies.js';

function withExample<Result>(name: string, use: (folder: string) => Result): Result {
  const { folder, remove } = layExample(name);
  try {
    return use(folder);
  } finally {
    remove();
  }
}

describe('the worked changes of the policies', () => {
  const names = readdirSync(examples);

  it('are the three of the documentation', () => {
    expect(names.toSorted()).to.deep.equal(['approval-group', 'contractors-without-raw', 'service-accounts-only']);
  });

  for (const name of names) {
    it(`${name}: lint, the matrices, the invariants and coverage find nothing`, () => {
      withExample(name, (folder) => {
        const policies = loadPolicies(folder);
        expect({
          lint: lintPolicies(folder, answerFields()).findings,
          test: runPolicyTests(policies, folder).failures,
          invariants: proveInvariants(policies, loadInvariants(folder, policies)).findings,
          coverage: measureCoverage(policies, folder).findings,
        }).to.deep.equal({ lint: [], test: [], invariants: [], coverage: [] });
      });
    });

    it(`${name}: who gains and who loses is what its expected-diff.txt says, and each gain is declared`, () => {
      withExample(name, (folder) => {
        const base = loadPolicies(product);
        const head = loadPolicies(folder);
        const declared = readDeclaredGains(folder, newChanges(folder, product), head);
        const { changes, definitions, unused, catalogue } = diffPolicies(base, head, declared);
        const undeclared = changes.filter(({ effect, declaration }) => effect === 'gain' && declaration === null);
        expect({ undeclared, unused }).to.deep.equal({ undeclared: [], unused: [] });
        const sentences = [
          ...changes.map((change) => changeSentence(change, catalogue)),
          ...definitions.map(definitionSentence),
        ];
        expectGolden(`policies/examples/${name}/expected-diff.txt`, sentences.map((line) => `${line}\n`).join(''));
      });
    });

    it(`${name}: the cells that change are those of its expected-matrix.diff`, () => {
      withExample(name, (folder) => {
        const changed = changedCells(loadPolicies(product), loadPolicies(folder), loadTestdata(folder));
        expectGolden(`policies/examples/${name}/expected-matrix.diff`, changed);
      });
    });
  }
});

/** The verdicts that differ for the same principals and resources, those of the base after a minus. */
function changedCells(base: PolicySet, head: PolicySet, testdata: Testdata): string {
  const after = accessTables(head, testdata);
  return accessTables(base, testdata)
    .flatMap(({ resource, type, cells }, index) => {
      const lines = Object.entries(cells).flatMap(([cell, before]) => {
        const now = after[index]?.cells[cell] ?? {};
        const changed = Object.keys(before).filter((principal) => before[principal] !== now[principal]);
        if (changed.length === 0) return [];
        const line = (verdicts: typeof before): string =>
          `${cell}: ${changed.map((principal) => `${principal} ${verdicts[principal]}`).join(', ')}`;
        return [`-${line(before)}\n`, `+${line(now)}\n`];
      });
      return lines.length === 0 ? [] : [`@@ ${type} ${resource} @@\n`, ...lines];
    })
    .join('');
}
