/** Runs the command line as a person does: another process, with its own environment. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Output goes through a pipe. Nothing of this process's environment but the path is handed on. */
export function nightsafe(args: readonly string[], environment: Readonly<Record<string, string>> = {}): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...environment },
  });
  return { exitCode: status, stdout, stderr };
}
