/**
 * The log of every process: one JSON object per line, or colored lines on a terminal.
 *
 * No secret value reaches a line: an error is written as what is known about it without its text (see `describeError`),
 * wherever in a record it stands. Callers add only what cannot be a pasted secret: ids, counts, durations, and names that
 * the schema knows.
 */
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { ApiError } from './errors.js';

export type { Logger } from 'pino';
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface LogSettings {
  readonly level: LogLevel;
  /** Colored lines for a person at a terminal in place of JSON. */
  readonly pretty: boolean;
  /** Where the lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

/** Writes every line before the call returns, so that nothing is lost when the process ends. */
export function createLogger({ level, pretty, destination = pino.destination({ sync: true }) }: LogSettings): Logger {
  const options: LoggerOptions = {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: withoutErrorText },
    hooks: {
      logMethod(args, write) {
        const [first, ...rest] = args as unknown[];
        const record = describeErrorsIn(first instanceof Error ? { err: first } : first);
        write.apply(this, [record, ...rest.map(withoutErrorText)] as typeof args);
      },
    },
  };
  if (!pretty) return pino(options, destination);
  const prettify = prettyFactory({ ignore: 'pid,hostname' });
  return pino(options, { write: (line) => destination.write(prettify(line)) });
}

export interface ErrorDescription {
  /** The error's class. */
  readonly type: string;
  /** Only of an `ApiError`, whose texts are written by us. */
  readonly message?: string;
  readonly detail?: string;
  /** What database drivers and Node.js tell apart errors by: `code`, `errno`, `sqlState`. */
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
  /** Call frames, without the lines of the message. */
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

const identifier = /^[\w$.]{1,64}$/;
const deepestCause = 3;

/**
 * What may be written about an error. Its message stays out, because a driver, a parser or a library puts statements,
 * parameters and inputs there; so do all properties that are not listed in `ErrorDescription`.
 */
export function describeError(error: Error, depth = 0): ErrorDescription {
  const { code, errno, sqlState } = error as { code?: unknown; errno?: unknown; sqlState?: unknown };
  const stack = callFrames(error);
  return {
    type: identifier.test(error.name) ? error.name : 'Error',
    ...(error instanceof ApiError && { message: error.message }),
    ...(error instanceof ApiError && error.detail !== undefined && { detail: error.detail }),
    ...(typeof code === 'string' && identifier.test(code) && { code }),
    ...(typeof errno === 'number' && { errno }),
    ...(typeof sqlState === 'string' && identifier.test(sqlState) && { sqlState }),
    ...(stack !== '' && { stack }),
    ...(error.cause instanceof Error && depth < deepestCause && { cause: describeError(error.cause, depth + 1) }),
  };
}

/** The frames of a stack; none when the message cannot be told apart from them, as after it was changed. */
function callFrames({ message, stack = '' }: Error): string {
  const start = stack.indexOf(message);
  if (start < 0 || !/^([\w$. [\]]{1,64}: )?$/.test(stack.slice(0, start))) return '';
  return stack
    .slice(start + message.length)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
}

function withoutErrorText(value: unknown): unknown {
  return value instanceof Error ? describeError(value) : value;
}

function describeErrorsIn(record: unknown): unknown {
  if (typeof record !== 'object' || record === null) return record;
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, withoutErrorText(value)]));
}
