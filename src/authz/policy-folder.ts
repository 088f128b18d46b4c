/**
 * What stands where in a policy folder. Whoever adds a file believes that it says something: so what nobody reads is a finding, and a
 * deny in `mistake.yml` is not silently missing. The same for hidden files and the backups of editors.
 */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Findings, kindOf } from './policy-files.js';

interface Place {
  readonly files: RegExp;
  readonly folders: readonly string[];
  readonly holds: string;
}

const places = {
  rules: { files: /^[^.].*\.yaml$/, folders: [], holds: 'files named *.yaml that are not hidden' },
  tests: {
    files: /^[^.].*\.test\.yaml$/,
    folders: ['testdata'],
    holds: 'files named *.test.yaml that are not hidden, and testdata/',
  },
  'tests/testdata': {
    files: /^(principals|resources)\.yaml$/,
    folders: [],
    holds: 'principals.yaml and resources.yaml',
  },
  changes: { files: /^[^.].*\.yaml$/, folders: [], holds: 'files named *.yaml that are not hidden' },
  schema: { files: /^policy\.schema\.json$/, folders: [], holds: 'policy.schema.json' },
} as const satisfies Readonly<Record<string, Place>>;

export type PolicyPlace = keyof typeof places;

/** The files that belong into a folder inside `directory`, as sorted paths from there. None when it does not exist. */
export function filesIn(directory: string, folder: PolicyPlace, findings: Findings): readonly string[] {
  const { files, folders, holds }: Place = places[folder];
  const path = join(directory, folder);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return [];
  const refuse = (name: string, message: string): void =>
    findings.add({ file: `${basename(directory)}/${name}`, line: 1 }, 'unexpected-file', message);
  if (!stats.isDirectory()) {
    refuse(folder, `${kindOf(stats)} stands where a folder must be; put the folder here`);
    return [];
  }
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isFile() && files.test(entry.name)) return [name];
    if (entry.isDirectory() && folders.includes(entry.name)) return [];
    refuse(name, `nobody reads ${kindOf(entry)} of this name; ${folder}/ holds ${holds}: rename it, or take it out`);
    return [];
  });
}

const files = ['catalogue.yaml', 'roles.yaml', 'invariants.yaml'];

/** Of what is beside them, a YAML file or a folder would be taken for a part of the policies; a README would not. */
export function requireKnownNames(directory: string, findings: Findings): void {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const { name } = entry;
    const isKnown = files.includes(name) || Object.hasOwn(places, name);
    const looksLikePolicies = /\.ya?ml\b/i.test(name) || (!entry.isFile() && !name.startsWith('.'));
    if (isKnown || !looksLikePolicies) continue;
    const message = `nobody reads ${kindOf(entry)} of this name; rules go into rules/: rename it, or take it out`;
    findings.add({ file: `${basename(directory)}/${name}`, line: 1 }, 'unexpected-file', message);
  }
}
