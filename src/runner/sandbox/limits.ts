/** How much one run of customer code may take. The parent enforces every one of them; the child stops earlier where it can. */
export interface SandboxLimits {
  /** Bytes that the engine may allocate for one run. */
  readonly memoryBytes: number;
  /** Milliseconds of processor time in which code may execute; waiting is free. */
  readonly cpuMs: number;
  /** Milliseconds from the start of a run to its outcome. */
  readonly wallMs: number;
  /** Host calls that are under way at one time. */
  readonly pendingHostCalls: number;
  /** Calls of `fetch` in a run. */
  readonly requests: number;
  /** Host calls of every kind in a run. */
  readonly hostCalls: number;
  readonly logLines: number;
  /** Bytes of one log line in UTF-8; the rest of a longer one is cut off. */
  readonly logLineBytes: number;
  /** Bytes of the output, and of the argument of one host call, as JSON in UTF-8. */
  readonly resultBytes: number;
  /** Levels of arrays and objects inside of each other in what `resultBytes` bounds. */
  readonly resultDepth: number;
  /** Bytes of the code in UTF-8. */
  readonly codeBytes: number;
  /** Runs after which a child is replaced. */
  readonly runsPerChild: number;
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

export const defaultSandboxLimits: SandboxLimits = {
  memoryBytes: 64 * mebibyte,
  cpuMs: 1000,
  wallMs: 30_000,
  pendingHostCalls: 64,
  requests: 50,
  hostCalls: 1000,
  logLines: 1000,
  logLineBytes: 8 * kibibyte,
  resultBytes: mebibyte,
  resultDepth: 100,
  codeBytes: 256 * kibibyte,
  runsPerChild: 200,
};

/** The limits that a child needs, as they are sent to it with every run. */
export type ChildLimits = Pick<
  SandboxLimits,
  | 'memoryBytes'
  | 'cpuMs'
  | 'pendingHostCalls'
  | 'requests'
  | 'hostCalls'
  | 'logLines'
  | 'logLineBytes'
  | 'resultBytes'
  | 'resultDepth'
>;
