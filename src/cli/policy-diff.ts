import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type AccessChange,
  cellName,
  changeSentence,
  definitionSentence,
  diffPolicies,
  IncomparablePoliciesError,
  loadPolicies,
  newChanges,
  objectText,
  type PolicyDiff,
  PolicyError,
  type PolicySet,
  principalText,
  readDeclaredGains,
} from '../authz/index.js';
import { OperatorError } from '../operator-error.js';
import { folderOf, placeOf, policyOptions, strong } from './policy-output.js';
import { checkOutPolicies, MissingRevisionError } from './policy-revision.js';
import { UsageError } from './usage.js';

/**
 * Who gains and who loses what between two revisions of the policies. Exit code 1 for a gain that no new file in `changes/`
 * declares, and for a declaration of what nobody gains.
 */
export async function policyDiff(args: string[]): Promise<number> {
  const { base, head, policies, isJson, allowsMissingBase } = readArguments(args);
  const temporary = mkdtempSync(join(tmpdir(), 'nightsafe-policy-diff-'));
  try {
    const baseSide = sideOf(base, 'BASE', policies, temporary);
    const headSide = sideOf(head, 'HEAD', policies, temporary);
    const diff = compare(baseSide, headSide);
    process.stdout.write(
      isJson ? `${JSON.stringify(asJson(diff, baseSide, headSide), null, 2)}\n` : asText(diff, baseSide, headSide),
    );
    return undeclared(diff).length + diff.unused.length === 0 ? 0 : 1;
  } catch (error) {
    if (!allowsMissingBase || !(error instanceof MissingRevisionError) || error.missing !== 'BASE') throw error;
    process.stdout.write(`There is nothing to compare with: ${error.message}.\n`);
    return 0;
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** Where one side of the comparison is: at a revision, or in a folder. */
type Place = { readonly revision: string } | { readonly folder: string; readonly name: string };

interface Arguments {
  readonly base: Place;
  readonly head: Place;
  /** The folder whose revisions are meant. */
  readonly policies: string;
  readonly isJson: boolean;
  readonly allowsMissingBase: boolean;
}

function readArguments(args: string[]): Arguments {
  const { values, positionals } = parsed(args);
  const { base, head } = values;
  const policies = resolve(folderOf(values.policies));
  const rest = { policies, isJson: values.json === true, allowsMissingBase: values['allow-missing-base'] === true };
  if (base !== undefined || head !== undefined) {
    if (base === undefined || head === undefined || positionals.length > 0) {
      throw new UsageError('two folders are compared with both --base and --head, and without revisions');
    }
    return { base: folderAt(base), head: folderAt(head), ...rest };
  }
  const workingTree = { folder: policies, name: 'the working tree' };
  const [range = 'HEAD', ...others] = positionals;
  const revisions = range.split('..');
  const [from = '', to] = revisions;
  if (others.length > 0 || revisions.length > 2 || revisions.includes('') || to?.startsWith('.')) {
    throw new UsageError('revisions are BASE..HEAD, or BASE alone to compare it with the working tree');
  }
  return { base: { revision: from }, head: to === undefined ? workingTree : { revision: to }, ...rest };
}

const folderAt = (path: string): Place => ({ folder: resolve(path), name: path });

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        ...policyOptions,
        base: { type: 'string' },
        head: { type: 'string' },
        'allow-missing-base': { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch {
    throw new UsageError(
      'this command takes BASE..HEAD, --policies DIR, --base DIR, --head DIR, --json and --allow-missing-base',
    );
  }
}

type SideName = 'BASE' | 'HEAD';

interface Side {
  /** As the operator named it. */
  readonly place: string;
  readonly directory: string;
  readonly policies: PolicySet;
}

function sideOf(place: Place, name: SideName, policies: string, temporary: string): Side {
  if ('folder' in place) return { place: place.name, directory: place.folder, policies: load(place.folder, name) };
  const directory = join(temporary, name, basename(policies));
  checkOutPolicies(policies, place.revision, name, directory);
  return { place: place.revision, directory, policies: load(directory, name) };
}

/** Both revisions have files of the same names, so that findings say in which one they are. */
function load(directory: string, name: SideName): PolicySet {
  try {
    return loadPolicies(directory);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new OperatorError(`The policies of ${name} do not load.\n${error.message}`);
  }
}

function compare(base: Side, head: Side): PolicyDiff {
  const paths = newChanges(head.directory, base.directory);
  const declared = readDeclaredGains(head.directory, paths, head.policies);
  try {
    return diffPolicies(base.policies, head.policies, declared);
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
  const isNamedAgain = ({ name }: { readonly name: string }) => head.policies.roles.some((role) => role.name === name);
  const roles = [...head.policies.roles, ...base.policies.roles.filter((role) => !isNamedAgain(role))];
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
  const title = `Policies of ${base.place} (${base.policies.version}) and of ${head.place} (${head.policies.version})`;
  const counts = [
    `undeclared gains: ${undeclared(diff).length}`,
    `declared gains: ${declared(diff).length}`,
    `losses: ${losses(diff).length}`,
    `declarations without a gain: ${diff.unused.length}`,
  ];
  const blocks = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => [strong(name), ...lines].join('\n'));
  return `${[title, ...blocks, counts.join(', ')].join('\n\n')}\n`;
}

function asJson(diff: PolicyDiff, base: Side, head: Side): unknown {
  const side = ({ place, policies }: Side) => ({ place, policyVersion: policies.version });
  const change = (each: AccessChange) => ({
    sentence: changeSentence(each, diff.catalogue),
    roles: each.roles,
    subject: each.subject,
    cells: each.cells.map(cellName),
    when: each.when.map(({ fact, holds }) => ({ ...fact, holds })),
    example: each.example,
  });
  return {
    base: side(base),
    head: side(head),
    gains: gains(diff).map((each) => ({
      ...change(each),
      declaredAt: each.declaration?.at ?? null,
    })),
    losses: losses(diff).map(change),
    definitions: diff.definitions,
    unusedDeclarations: diff.unused,
  };
}
