/** Runners as processes of their own, as they are in production, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeKeyFile } from '../../src/vault/keys.js';
import type { TestApi } from './api.js';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export interface RunnerProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Where it answers health checks. */
  readonly port: number;
  /** What it wrote. */
  readonly output: string[];
}

/** Starts a runner and waits until it is ready. */
export async function startRunnerProcess(api: TestApi, env: Readonly<Record<string, string>>): Promise<RunnerProcess> {
  const rootKeyFile = join(api.home, 'root.key');
  try {
    writeKeyFile(rootKeyFile, 'root-private', api.rootPair.privateKey);
  } catch {
    // A runner before this one has it already.
  }
  const runner = spawn(process.execPath, [main, 'runner'], {
    env: {
      PATH: process.env.PATH ?? '',
      NIGHTSAFE_HOME: api.home,
      DATABASE_URL: databaseUrl(api),
      NIGHTSAFE_ROOT_KEY_FILE: rootKeyFile,
      NIGHTSAFE_ROOT_PUBLIC_KEY_FILE: api.config.rootPublicKeyFile,
      NIGHTSAFE_WRITER_PUBLIC_KEY_FILE: api.config.writerPublicKeyFile,
      NIGHTSAFE_RUNNER_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output: string[] = [];
  runner.stdout?.on('data', (chunk) => output.push(String(chunk)));
  runner.stderr?.on('data', (chunk) => output.push(String(chunk)));
  const ended = once(runner, 'exit').then(() => {
    throw new Error(`the runner ended before it was ready:\n${output.join('')}`);
  });
  const [message] = await Promise.race([once(runner, 'message'), ended]);
  ended.catch(() => undefined);
  return { process: runner, pid: runner.pid ?? 0, port: (message as { readonly port: number }).port, output };
}

export async function killRunner({ process: runner }: RunnerProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (runner.exitCode !== null || runner.signalCode !== null) return;
  const exit = once(runner, 'exit');
  runner.kill(signal);
  await exit;
}

function databaseUrl({ config }: TestApi): string {
  const { database } = config;
  if (database.kind === 'sqlite') return `sqlite:${database.path}`;
  const credentials = `${encodeURIComponent(database.user)}:${encodeURIComponent(database.password.reveal())}`;
  return `mysql://${credentials}@${database.host}:${database.port}/${database.database}`;
}

/** The processes below one, by Linux's /proc. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      // The name of the process, in parentheses, may hold anything.
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (parent: number): number[] =>
    [...parents].filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Whether the process runs; one that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}
