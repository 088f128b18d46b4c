/** Golden files: text that a reviewer should see change. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/paths.js';

/** Expects the text of a file in `test`; with UPDATE_GOLDEN_FILES=1 writes it instead, for a reviewer to read the diff. */
export function expectGolden(path: string, actual: string): void {
  const file = join(packageRoot, 'test', path);
  if (process.env.UPDATE_GOLDEN_FILES === '1') writeFileSync(file, actual);
  expect(actual).to.equal(existsSync(file) ? readFileSync(file, 'utf8') : `test/${path} does not exist`);
}
