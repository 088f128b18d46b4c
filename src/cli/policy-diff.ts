import { parseArgs } from 'node:util';
import {
  type AccessChange,
  cellName,
  changeSentence,
  definitionSentence,
  diffPolicies,
  IncomparablePoliciesError,
  invariantChanges,
  newChanges,
  objectText,
  type PolicyDiff,
  principalText,
  readDeclaredGains,
} from '../authz/index.js';
import { OperatorError } from '../operator-error.js';
import { bad, folderOf, placeOf, policyOptions, strong } from './policy-output.js';
import { MissingRevisionError } from './policy-revision.js';
import { readPlaces, type Side, sideJson, sideOptions, titleOf, withSides } from './policy-sides.js';
import { UsageError } from './usage.js';

/**
 * Who gains and who loses what between two revisions of the policies. Exit code 1 for a gain that no new file in `changes/`
 * declares, and for a declaration of what nobody gains.
 */
export async function policyDiff(args: string[]): Promise<number> {
  const { values, positionals } = parsed(args);
  const places = readPlaces(folderOf(values.policies), positionals, values);
  try {
    return await withSides(places, (base, head) => {
      const diff = compare(base, head);
      process.stdout.write(
        values.json ? `${JSON.stringify(asJson(diff, base, head), null, 2)}\n` : asText(diff, base, head),
      );
      return undeclared(diff).length + diff.unused.length === 0 ? 0 : 1;
    });
  } catch (error) {
    const isMissingBase = error instanceof MissingRevisionError && error.missing === 'BASE';
    if (!values['allow-missing-base'] || !isMissingBase) throw error;
    const warning = `nightsafe: warning: NOTHING WAS COMPARED, and no gain of access was looked for: ${error.message}.`;
    process.stderr.write(`${bad(warning)}\n`);
    return 0;
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { ...policyOptions, ...sideOptions, 'allow-missing-base': { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch {
    throw new UsageError(
      'this command takes BASE..HEAD, --policies DIR, --base DIR, --head DIR, --json and --allow-missing-base',
    );
  }
}

function compare(base: Side, head: Side): PolicyDiff {
  const paths = newChanges(head.directory, base.directory);
  const declared = readDeclaredGains(head.directory, paths, head.policies);
  try {
    const diff = diffPolicies(base.policies, head.policies, declared);
    const invariants = invariantChanges(base.invariants, head.invariants);
    return { ...diff, definitions: [...diff.definitions, ...invariants] };
  } catch (error) {
    throw error instanceof IncomparablePoliciesError ? new OperatorError(error.message) : error;
  }
}

const gains = ({ changes }: PolicyDiff): readonly AccessChange[] => changes.filter(({ effect }) => effect === 'gain');
const losses = ({ changes }: PolicyDiff): readonly AccessChange[] => changes.filter(({ effect }) => effect === 'loss');
const undeclared = (diff: PolicyDiff): readonly AccessChange[] =>
  gains(diff).filter(({ declaration }) => declaration === null);
const declared = (diff: PolicyDiff): readonly AccessChange[] =>
  gains(diff).filter(({ declaration }) => declaration !== null);

function asText(diff: PolicyDiff, base: Side, head: Side): string {
  const all = <Named extends { readonly name: string }>(ofBase: readonly Named[], ofHead: readonly Named[]) => [
    ...ofHead,
    ...ofBase.filter(({ name }) => !ofHead.some((named) => named.name === name)),
  ];
  const roles = {
    roles: all(base.policies.roles, head.policies.roles),
    permissionSets: all(base.policies.permissionSets, head.policies.permissionSets),
  };
  const change = (each: AccessChange): string => {
    const { declaration, example } = each;
    return [
      `- ${changeSentence(each, diff.catalogue)}`,
      ...(declaration ? [`  Declared in ${placeOf(declaration.at)}: ${declaration.why}`] : []),
      `  For example ${principalText(example.principal, roles)} on ${objectText(example.object)}.`,
    ].join('\n');
  };
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Gains that nothing declares', undeclared(diff).map(change)],
    ['Declared gains', declared(diff).map(change)],
    ['Losses', losses(diff).map(change)],
    ['Definitions', diff.definitions.map((each) => `- ${definitionSentence(each)}`)],
    ['Declarations without a gain', diff.unused.map((finding) => `- ${placeOf(finding)}: ${finding.message}`)],
  ];
  const counts = [
    `undeclared gains: ${undeclared(diff).length}`,
    `declared gains: ${declared(diff).length}`,
    `losses: ${losses(diff).length}`,
    `declarations without a gain: ${diff.unused.length}`,
  ];
  const blocks = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => [strong(name), ...lines].join('\n'));
  return `${[titleOf(base, head), ...blocks, counts.join(', ')].join('\n\n')}\n`;
}

function asJson(diff: PolicyDiff, base: Side, head: Side): unknown {
  const change = (each: AccessChange) => ({
    sentence: changeSentence(each, diff.catalogue),
    roles: each.roles,
    subject: each.subject,
    cells: each.cells.map(cellName),
    when: each.when.map(({ fact, holds }) => ({ ...fact, holds })),
    example: each.example,
  });
  return {
    base: sideJson(base),
    head: sideJson(head),
    gains: gains(diff).map((each) => ({
      ...change(each),
      declaredAt: each.declaration?.at ?? null,
    })),
    losses: losses(diff).map(change),
    definitions: diff.definitions,
    unusedDeclarations: diff.unused,
  };
}
