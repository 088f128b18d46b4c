/** The two revisions that a command compares: of the policy folder in git, of the working tree, or two folders. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { loadPolicies, PolicyError, type PolicySet, readInvariantTexts } from '../authz/index.js';
import { OperatorError } from '../operator-error.js';
import { checkOutPolicies } from './policy-revision.js';
import { UsageError } from './usage.js';

/** Where one side of the comparison is: at a revision, or in a folder. */
type Place = { readonly revision: string } | { readonly folder: string; readonly name: string };

export interface Places {
  readonly base: Place;
  readonly head: Place;
  /** The folder whose revisions are meant. */
  readonly policies: string;
}

export const sideOptions = { base: { type: 'string' }, head: { type: 'string' } } as const;

/** @param range `BASE..HEAD`, or `BASE` for the working tree as HEAD; nothing for the last commit. */
export function readPlaces(
  policies: string,
  range: readonly string[],
  { base, head }: { readonly base?: string | undefined; readonly head?: string | undefined },
): Places {
  const folder = resolve(policies);
  if (base !== undefined || head !== undefined) {
    if (base === undefined || head === undefined || range.length > 0) {
      throw new UsageError('two folders are compared with both --base and --head, and without revisions');
    }
    return { base: folderAt(base), head: folderAt(head), policies: folder };
  }
  const workingTree = { folder, name: 'the working tree' };
  const [only = 'HEAD', ...others] = range;
  const revisions = only.split('..');
  const [from = '', to] = revisions;
  if (others.length > 0 || revisions.length > 2 || revisions.includes('') || to?.startsWith('.')) {
    throw new UsageError('revisions are BASE..HEAD, or BASE alone to compare it with the working tree');
  }
  return { base: { revision: from }, head: to === undefined ? workingTree : { revision: to }, policies: folder };
}

const folderAt = (path: string): Place => ({ folder: resolve(path), name: path });

type SideName = 'BASE' | 'HEAD';

export interface Side {
  /** As the operator named it. */
  readonly place: string;
  /** There until the work with the sides is done. */
  readonly directory: string;
  readonly policies: PolicySet;
  /** By id, what each invariant says. */
  readonly invariants: ReadonlyMap<string, string>;
}

/** Throws a MissingRevisionError, or an OperatorError when the policies of a side do not load. */
export async function withSides<Result>(
  { base, head, policies }: Places,
  work: (base: Side, head: Side) => Result | Promise<Result>,
): Promise<Result> {
  const temporary = mkdtempSync(join(tmpdir(), 'nightsafe-policies-'));
  try {
    return await work(sideOf(base, 'BASE', policies, temporary), sideOf(head, 'HEAD', policies, temporary));
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

function sideOf(place: Place, name: SideName, policies: string, temporary: string): Side {
  if ('folder' in place) return { place: place.name, directory: place.folder, ...load(place.folder, name) };
  const directory = join(temporary, name, basename(policies));
  checkOutPolicies(policies, place.revision, name, directory);
  return { place: place.revision, directory, ...load(directory, name) };
}

/** Both revisions have files of the same names, so that findings say in which one they are. */
function load(directory: string, name: SideName): Pick<Side, 'policies' | 'invariants'> {
  try {
    return { policies: loadPolicies(directory), invariants: readInvariantTexts(directory) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new OperatorError(`The policies of ${name} do not load.\n${error.message}`);
  }
}

/** Such as `Policies of HEAD~1 (sha256:…) and of HEAD (sha256:…)`. */
export const titleOf = (base: Side, head: Side): string =>
  `Policies of ${base.place} (${base.policies.version}) and of ${head.place} (${head.policies.version})`;

/** A side in the output for programs. */
export const sideJson = ({ place, policies }: Side) => ({ place, policyVersion: policies.version });
