/** A sandbox for tests, and the processes that belong to it. */
import { readdirSync, readFileSync } from 'node:fs';
import { createLogger } from '../../../src/log.js';
import type { JsonValue } from '../../../src/runner/sandbox/json.js';
import type { SandboxLimits } from '../../../src/runner/sandbox/limits.js';
import type { SandboxJob, SandboxOutcome } from '../../../src/runner/sandbox/outcome.js';
import { SandboxPool, type SandboxPoolSettings } from '../../../src/runner/sandbox/sandbox-pool.js';

export const log = createLogger({ level: 'silent', pretty: false });

export const startPool = (
  limits: Partial<SandboxLimits> = {},
  settings: Partial<SandboxPoolSettings> = {},
): Promise<SandboxPool> => SandboxPool.start({ size: 1, bubblewrap: 'auto', limits, log, ...settings });

/** Code of one organization that calls nothing, unless told otherwise. */
export const jobOf = (code: string, job: Partial<SandboxJob> = {}): SandboxJob => ({
  organizationId: 'organization-a',
  code,
  variables: {},
  host: async (): Promise<JsonValue> => null,
  signal: new AbortController().signal,
  ...job,
});

export const returned = (output: JsonValue, logs: SandboxOutcome['logs'] = []): SandboxOutcome => ({
  kind: 'returned',
  output,
  logs,
});

export const stopped = (reason: Extract<SandboxOutcome, { kind: 'stopped' }>['reason']): SandboxOutcome => ({
  kind: 'stopped',
  reason,
  logs: [],
});

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Resident memory. */
  readonly mebibytes: number;
}

/** The processes of Linux that have not ended. */
export const processes = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(read);

/** The processes of Node.js that execute a sandbox below this process. */
export function sandboxesOf(pid: number, all = processes()): Process[] {
  const children = all.filter(({ parent }) => parent === pid);
  const own = children.filter(({ command }) => !command.includes('bwrap') && command.includes('sandbox/child/main.js'));
  return [...own, ...children.flatMap((child) => sandboxesOf(child.pid, all))];
}

function read(name: string): Process[] {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'utf8');
    const field = (key: string): string => new RegExp(`^${key}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';
    if (field('State') === 'Z') return [];
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return [{ pid: Number(name), parent: Number(field('PPid')), command, mebibytes: Number(field('VmRSS')) / 1024 }];
  } catch {
    return [];
  }
}
