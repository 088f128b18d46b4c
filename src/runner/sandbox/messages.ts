/** What parent and child say to each other, and the strict reading of what a child says: it is not trusted. */
import { type HostCall, type HostCallName, hostCallNames } from './host-call.js';
import { type JsonValue, jsonDepth } from './json.js';
import type { ChildLimits, SandboxLimits } from './limits.js';
import { ProtocolError } from './protocol-error.js';

export type Variables = Readonly<Record<string, JsonValue>>;

export type ParentMessage =
  | { readonly type: 'start'; readonly code: string; readonly variables: Variables; readonly limits: ChildLimits }
  | { readonly type: 'reply'; readonly id: number; readonly value: JsonValue }
  | { readonly type: 'refusal'; readonly id: number; readonly name: string; readonly message: string };

export const logLevels = ['debug', 'info', 'log', 'warn', 'error'] as const;
export type ConsoleLevel = (typeof logLevels)[number];

export interface LogLine {
  readonly level: ConsoleLevel;
  readonly text: string;
}

/** `line` counts from 1 in the author's code; null when the error tells none. */
export interface CodeError {
  readonly name: string;
  readonly message: string;
  readonly line: number | null;
}

/** Why a child ends a run by itself. */
const childReasons = ['CPU', 'MEMORY', 'RESULT_TOO_LARGE'] as const;
export type ChildReason = (typeof childReasons)[number];

export type ChildMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'log'; readonly level: ConsoleLevel; readonly text: string }
  /** Further lines are left out. */
  | { readonly type: 'logs-cut' }
  | { readonly type: 'call'; readonly id: number; readonly call: HostCall }
  /** The code waits no longer for this call. */
  | { readonly type: 'abandon'; readonly id: number }
  /** Nothing is executed before another reply than these comes or this many milliseconds are over (null: only a reply). */
  | { readonly type: 'waiting'; readonly milliseconds: number | null; readonly replies: number }
  | { readonly type: 'returned'; readonly output: JsonValue }
  | { readonly type: 'threw'; readonly error: CodeError }
  | { readonly type: 'stopped'; readonly reason: ChildReason };

/** Characters of an error's name and message that are kept. */
export const errorLengths = { name: 100, message: 4000 } as const;

/** Bytes of the longest frame that an honest child sends; the rest of 64 KiB is for what stands around a value. */
export const longestFrame = ({ resultBytes, logLineBytes }: SandboxLimits): number =>
  // JSON can take six bytes for one (`\u0000`) in a log line or an error; an output and an argument are counted as JSON.
  Math.max(resultBytes, 6 * logLineBytes, 6 * errorLengths.message * 3) + 65_536;

/** @throws ProtocolError when an honest child within these limits would not have sent the text. */
export function readChildMessage(text: string, limits: SandboxLimits): ChildMessage {
  const message = parseObject(text);
  switch (message.type) {
    case 'ready':
    case 'logs-cut':
      hasOnly(message, []);
      return { type: message.type };
    case 'log':
      hasOnly(message, ['level', 'text']);
      return { type: 'log', level: oneOf(logLevels, message.level), text: logText(message.text, limits) };
    case 'call':
      hasOnly(message, ['id', 'name', 'argument']);
      return { type: 'call', id: count(message.id), call: hostCall(message.name, message.argument, limits) };
    case 'abandon':
      hasOnly(message, ['id']);
      return { type: 'abandon', id: count(message.id) };
    case 'waiting':
      hasOnly(message, ['milliseconds', 'replies']);
      return {
        type: 'waiting',
        milliseconds: message.milliseconds === null ? null : count(message.milliseconds),
        replies: count(message.replies),
      };
    case 'returned':
      hasOnly(message, ['output']);
      return { type: 'returned', output: bounded(message.output, limits) };
    case 'threw':
      hasOnly(message, ['name', 'message', 'line']);
      return { type: 'threw', error: codeError(message) };
    case 'stopped':
      hasOnly(message, ['reason']);
      return { type: 'stopped', reason: oneOf(childReasons, message.reason) };
    default:
      throw new ProtocolError('a message of an unknown type');
  }
}

type Members = Readonly<Record<string, JsonValue | undefined>>;

function parseObject(text: string): Members {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError('a frame that is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProtocolError('not an object');
  return value as Members;
}

function hasOnly(message: Members, names: readonly string[]): void {
  const isExact =
    Object.keys(message).length === names.length + 1 && names.every((name) => Object.hasOwn(message, name));
  if (!isExact) throw new ProtocolError('a message with other members than its own');
}

function oneOf<Text extends string>(texts: readonly Text[], value: JsonValue | undefined): Text {
  const found = texts.find((text) => text === value);
  if (found === undefined) throw new ProtocolError('a word that is none of the known ones');
  return found;
}

function count(value: JsonValue | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new ProtocolError('not a count');
  return value;
}

function textOf(value: JsonValue | undefined, length: number): string {
  if (typeof value !== 'string' || value.length > length) throw new ProtocolError('not a text of this length');
  return value;
}

function logText(value: JsonValue | undefined, { logLineBytes }: SandboxLimits): string {
  const text = textOf(value, logLineBytes);
  if (Buffer.byteLength(text) > logLineBytes) throw new ProtocolError('a log line that is too long');
  return text;
}

function hostCall(name: JsonValue | undefined, argument: JsonValue | undefined, limits: SandboxLimits): HostCall {
  return { name: oneOf<HostCallName>(hostCallNames, name), argument: bounded(argument, limits) };
}

function bounded(value: JsonValue | undefined, { resultBytes, resultDepth }: SandboxLimits): JsonValue {
  if (value === undefined) throw new ProtocolError('no value');
  if (jsonDepth(value) > resultDepth) throw new ProtocolError('a value that is too deep');
  if (Buffer.byteLength(JSON.stringify(value)) > resultBytes) throw new ProtocolError('a value that is too large');
  return value;
}

function codeError({ name, message, line }: Members): CodeError {
  return {
    name: textOf(name, errorLengths.name),
    message: textOf(message, errorLengths.message),
    line: line === null ? null : count(line),
  };
}
