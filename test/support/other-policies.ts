/** An api with other policies than the ones that come with it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestApi, type TestApi } from './api.js';

/** @param change of one file of the folder, by its path in it. Throws when it changes nothing. */
export async function startApiWithPolicies(path: string, change: (text: string) => string): Promise<TestApi> {
  const parent = mkdtempSync(join(tmpdir(), 'nightsafe-policies-'));
  const policiesFolder = join(parent, 'policies');
  cpSync('policies', policiesFolder, { recursive: true });
  const file = join(policiesFolder, path);
  const text = readFileSync(file, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`${path} is as it was`);
  writeFileSync(file, changed);
  const api = await startTestApi({ policiesFolder });
  return {
    ...api,
    close: async () => {
      await api.close();
      rmSync(parent, { recursive: true });
    },
  };
}
