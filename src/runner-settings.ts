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
  /** Of a request that names no time, in seconds. */
  readonly requestSeconds: number;
  /** Beyond which no request may ask for, in seconds. */
  readonly longestRequestSeconds: number;
  readonly redirects: number;
  readonly urlBytes: number;
  readonly requestHeaderBytes: number;
  /** Of the URL, the headers and the body. */
  readonly requestBytes: number;
  readonly responseHeaderBytes: number;
  /** Of a response, after decoding. */
  readonly responseBytes: number;
  /** Of the responses to requests of one run's code that are under way at one time. */
  readonly runResponseBytes: number;
  /** Of what one step logs. */
  readonly stepLogBytes: number;
  /** Of the outputs and logs of a run. */
  readonly runOutputBytes: number;
  readonly bubblewrap: BubblewrapMode;
  readonly codeBytes: number;
  /** Of the variables of a step, together. */
  readonly codeVariableBytes: number;
  /** From the start of code to its end, in seconds. */
  readonly codeSeconds: number;
  readonly codeMemoryBytes: number;
  readonly codeCpuMilliseconds: number;
  /** Of all that a run's code logs, in lines. */
  readonly codeLogLines: number;
  /** Of what code returns, as JSON, and of the argument of one of its calls. */
  readonly codeResultBytes: number;
  /** Of one run's code. */
  readonly codeRequests: number;
  /** That are under way at one time. */
  readonly codeCallsAtOnce: number;
  /** After which a process of the sandbox is replaced. */
  readonly codeRunsPerProcess: number;
}

/** What the api refuses in a step, as the runner would. */
export type StepLimits = Pick<RunnerSettings, 'requestSeconds' | 'longestRequestSeconds' | 'codeSeconds' | 'codeBytes'>;

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

export function readRunnerSettings(read: ConfigReader): RunnerSettings {
  return {
    runsAtOnce: read.integer('NIGHTSAFE_RUNS_AT_ONCE', 1, 1_000),
    runsAtOncePerOrganization: read.integer('NIGHTSAFE_RUNS_AT_ONCE_PER_ORGANIZATION', 1, 1_000),
    runsPerMinutePerOrganization: read.integer('NIGHTSAFE_RUNS_PER_MINUTE_PER_ORGANIZATION', 0, 1_000_000),
    leaseSeconds: read.integer('NIGHTSAFE_RUN_LEASE_SECONDS', 3, 3_600),
    privateHosts: readPrivateHosts(read),
    ...readRequestSeconds(read),
    redirects: read.integer('NIGHTSAFE_REDIRECTS', 0, 20),
    urlBytes: read.integer('NIGHTSAFE_URL_KIBIBYTES', 1, 1_024) * kibibyte,
    requestHeaderBytes: read.integer('NIGHTSAFE_REQUEST_HEADER_KIBIBYTES', 1, 1_024) * kibibyte,
    requestBytes: read.integer('NIGHTSAFE_REQUEST_MEBIBYTES', 1, 100) * mebibyte,
    responseHeaderBytes: read.integer('NIGHTSAFE_RESPONSE_HEADER_KIBIBYTES', 1, 1_024) * kibibyte,
    responseBytes: read.integer('NIGHTSAFE_RESPONSE_MEBIBYTES', 1, 100) * mebibyte,
    runResponseBytes: read.integer('NIGHTSAFE_RUN_RESPONSES_MEBIBYTES', 1, 1_024) * mebibyte,
    stepLogBytes: read.integer('NIGHTSAFE_STEP_LOG_KIBIBYTES', 0, 16_384) * kibibyte,
    runOutputBytes: read.integer('NIGHTSAFE_RUN_OUTPUT_MEBIBYTES', 1, 1_024) * mebibyte,
    bubblewrap: read.oneOf('NIGHTSAFE_BUBBLEWRAP', bubblewrapModes),
    codeBytes: read.integer('NIGHTSAFE_CODE_KIBIBYTES', 1, 256) * kibibyte,
    codeVariableBytes: read.integer('NIGHTSAFE_CODE_VARIABLE_MEBIBYTES', 1, 64) * mebibyte,
    codeSeconds: read.integer('NIGHTSAFE_CODE_SECONDS', 1, 600),
    codeMemoryBytes: read.integer('NIGHTSAFE_CODE_MEMORY_MEBIBYTES', 8, 1_024) * mebibyte,
    codeCpuMilliseconds: read.integer('NIGHTSAFE_CODE_CPU_MILLISECONDS', 10, 60_000),
    codeLogLines: read.integer('NIGHTSAFE_CODE_LOG_LINES', 0, 100_000),
    codeResultBytes: read.integer('NIGHTSAFE_CODE_RESULT_KIBIBYTES', 1, 16_384) * kibibyte,
    codeRequests: read.integer('NIGHTSAFE_CODE_REQUESTS', 0, 1_000),
    codeCallsAtOnce: read.integer('NIGHTSAFE_CODE_CALLS_AT_ONCE', 1, 1_000),
    codeRunsPerProcess: read.integer('NIGHTSAFE_CODE_RUNS_PER_PROCESS', 1, 100_000),
  };
}

function readRequestSeconds(read: ConfigReader) {
  const longestRequestSeconds = read.integer('NIGHTSAFE_REQUEST_SECONDS_MOST', 1, 600);
  const requestSeconds = read.integer('NIGHTSAFE_REQUEST_SECONDS', 1, 600);
  if (requestSeconds > longestRequestSeconds) {
    read.refuse('NIGHTSAFE_REQUEST_SECONDS', 'not be more than NIGHTSAFE_REQUEST_SECONDS_MOST');
  }
  return { requestSeconds, longestRequestSeconds };
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
