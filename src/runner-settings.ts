/** What the operator sets for the runner: how much runs at once, where requests may go, and the limits of code. */
import type { ConfigReader } from './config.js';
import { canonicalHost } from './modules/secret-key/use-terms.js';

export const bubblewrapModes = ['auto', 'off', 'require'] as const;
export type BubblewrapMode = (typeof bubblewrapModes)[number];

export interface RunnerSettings {
  readonly runsAtOnce: number;
  readonly runsAtOncePerOrganization: number;
  /** 0: no limit. */
  readonly runsPerMinutePerOrganization: number;
  readonly leaseSeconds: number;
  /** Hosts in canonical form that requests may reach although their addresses are private. */
  readonly privateHosts: readonly string[];
  /** Of a response, after decoding. */
  readonly responseBytes: number;
  readonly bubblewrap: BubblewrapMode;
  readonly codeMemoryBytes: number;
  readonly codeCpuMilliseconds: number;
  /** Of all that a run's code logs, in lines. */
  readonly codeLogLines: number;
}

const mebibyte = 1024 * 1024;

export function readRunnerSettings(read: ConfigReader): RunnerSettings {
  return {
    runsAtOnce: read.integer('NIGHTSAFE_RUNS_AT_ONCE', 1, 1_000),
    runsAtOncePerOrganization: read.integer('NIGHTSAFE_RUNS_AT_ONCE_PER_ORGANIZATION', 1, 1_000),
    runsPerMinutePerOrganization: read.integer('NIGHTSAFE_RUNS_PER_MINUTE_PER_ORGANIZATION', 0, 1_000_000),
    leaseSeconds: read.integer('NIGHTSAFE_RUN_LEASE_SECONDS', 3, 3_600),
    privateHosts: readPrivateHosts(read),
    responseBytes: read.integer('NIGHTSAFE_RESPONSE_MEBIBYTES', 1, 100) * mebibyte,
    bubblewrap: read.oneOf('NIGHTSAFE_BUBBLEWRAP', bubblewrapModes),
    codeMemoryBytes: read.integer('NIGHTSAFE_CODE_MEMORY_MEBIBYTES', 8, 1_024) * mebibyte,
    codeCpuMilliseconds: read.integer('NIGHTSAFE_CODE_CPU_MILLISECONDS', 10, 60_000),
    codeLogLines: read.integer('NIGHTSAFE_CODE_LOG_LINES', 0, 100_000),
  };
}

function readPrivateHosts(read: ConfigReader): string[] {
  const text = read.optional('NIGHTSAFE_PRIVATE_HOSTS');
  if (text === null) return [];
  return text.split(',').map((part) => {
    const host = canonicalHost(part.replace(/^\s*https?:\/\//i, ''));
    if (host === null || host.startsWith('*.')) {
      return read.refuse(
        'NIGHTSAFE_PRIVATE_HOSTS',
        'be a comma-separated list of hosts with an optional port, such as localhost:8080,10.0.0.5',
      );
    }
    return host;
  });
}
