/**
 * Policy folders with one mistake each. A case is the folder `lint-cases/base` with the case's own files over it, without those that its
 * `removed.txt` lists.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/paths.js';
import type { PolicyFiles } from './policy-folder.js';

export const lintCases = join(packageRoot, 'test/authz/lint-cases');

/** The files of the case, for `withPolicyFolder`; `base` is the one without a mistake. */
export function lintCase(name: string): PolicyFiles {
  const files = { ...filesIn('base'), ...filesIn(name) };
  const removed = (files['removed.txt'] ?? '').split('\n').filter((path) => path !== '');
  return { ...files, ...Object.fromEntries(removed.map((path) => [path, null])) };
}

/** Paths in the folder of the case and their text. */
function filesIn(name: string): Readonly<Record<string, string>> {
  const folder = join(lintCases, name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}
