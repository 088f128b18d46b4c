/** A runner in the test's process, with the root key that the test's api lacks. */
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { newId } from '../../src/ids.js';
import { createLogger } from '../../src/log.js';
import { type Runner, startRunner } from '../../src/runner/runner.js';
import type { RunnerSettings } from '../../src/runner-settings.js';
import { writeKeyFile } from '../../src/vault/keys.js';
import type { TestApi } from './api.js';

export interface TestRunner extends Runner {
  readonly log: string[];
}

export async function startTestRunner(api: TestApi, settings: Partial<RunnerSettings> = {}): Promise<TestRunner> {
  const rootKeyFile = join(api.home, `root-${newId()}.key`);
  writeKeyFile(rootKeyFile, 'root-private', api.rootPair.privateKey);
  const log: string[] = [];
  const logger = createLogger({
    level: 'debug',
    pretty: false,
    destination: { write: (line) => void log.push(line) },
  });
  const config = { ...readConfig({ NIGHTSAFE_HOME: api.home }), ...api.config, rootKeyFile, runnerPort: 0 };
  const runner = await startRunner({ ...config, runner: { ...config.runner, runsAtOnce: 2, ...settings } }, logger);
  return { ...runner, log };
}
