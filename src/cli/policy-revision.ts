/** The policy folder at a revision that git keeps. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { OperatorError } from '../operator-error.js';
import { UsageError } from './usage.js';

/** There is no such revision, or it has no policies. */
export class MissingRevisionError extends UsageError {
  constructor(
    /** BASE or HEAD. */
    readonly missing: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Writes the folder's files, as they were at the revision, into `directory`. Throws a MissingRevisionError outside of a
 * repository, for a revision that the clone does not have, and for one without the folder. `name` stands for the revision in it.
 */
export function checkOutPolicies(folder: string, revision: string, name: string, directory: string): void {
  const git = (...args: readonly string[]): Buffer => runGit(dirname(folder), name, args);
  const path = `${git('rev-parse', '--show-prefix').toString().trimEnd()}${basename(folder)}`;
  const commit = commitOf(revision, name, git);
  const files = git('ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', `${path}/`)
    .toString()
    .split('\0')
    .filter((file) => file !== '');
  if (files.length === 0) throw new MissingRevisionError(name, `${name} has no folder ${path}`);
  for (const file of files) {
    const target = join(directory, relative(path, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, git('cat-file', 'blob', `${commit}:${file}`));
  }
}

function commitOf(revision: string, name: string, git: (...args: readonly string[]) => Buffer): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`).toString().trimEnd();
  } catch {
    throw new MissingRevisionError(name, `${name} is not in this clone, which may have been made without its history`);
  }
}

function runGit(directory: string, name: string, args: readonly string[]): Buffer {
  try {
    return execFileSync('git', ['-C', directory, ...args], {
      env: { ...process.env, LC_ALL: 'C' },
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    if (code === 'ENOENT') throw new MissingRevisionError(name, 'git is not installed, so that there are no revisions');
    const said = stderr?.toString().trim().split('\n')[0] ?? '';
    if (said.includes('not a git repository')) {
      throw new MissingRevisionError(
        name,
        'the policy folder is in no git repository: name two folders with --base and --head',
      );
    }
    throw new OperatorError(`git refuses to read the policy folder: ${said}`);
  }
}
