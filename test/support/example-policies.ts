/** The worked changes of docs/policies.md, laid over the policies of the product as an adopter would make them. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/paths.js';

export const productPolicies = join(packageRoot, 'policies');
export const examples = join(packageRoot, 'test', 'policies', 'examples');

/** What an example has besides the files of the policies. */
const isOfPolicies = (path: string): boolean => !/\/(README\.md|expected-diff\.txt|expected-matrix\.diff)$/.test(path);

export interface ExamplePolicies {
  readonly folder: string;
  readonly remove: () => void;
}

export function layExample(name: string): ExamplePolicies {
  const parent = mkdtempSync(join(tmpdir(), 'nightsafe-example-'));
  const folder = join(parent, 'policies');
  cpSync(productPolicies, folder, { recursive: true });
  cpSync(join(examples, name), folder, { recursive: true, filter: isOfPolicies });
  return { folder, remove: () => rmSync(parent, { recursive: true }) };
}
