/** Calls that the runner serves for the code. */
import { door, parse, stringify } from './door.js';

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Limits {
  readonly pendingHostCalls: number;
  readonly requests: number;
  readonly hostCalls: number;
}

export type HostCallName = 'fetch' | 'hmac' | 'jwt' | 'basicAuth';

const pending = new Map<number, Pending>();
let lastId = 0;
let requests = 0;
let limits: Limits | null = null;

export interface CallUnderWay {
  readonly reply: Promise<unknown>;
  /** The runner may stop what it does; the promise stays unsettled. */
  abandon(): void;
}

/** @throws Error when the limits of the run do not allow the call. */
export function callHost(name: HostCallName, argument: unknown): CallUnderWay {
  limits ??= parse(door.limits()) as Limits;
  if (name === 'fetch') requests += 1;
  if (requests > limits.requests) throw limitError(`A run may send ${limits.requests} requests.`);
  if (lastId >= limits.hostCalls) throw limitError(`A run may call the runner ${limits.hostCalls} times.`);
  if (pending.size >= limits.pendingHostCalls) {
    throw limitError(`A run may have ${limits.pendingHostCalls} calls under way at a time.`);
  }
  const id = lastId + 1;
  if (!door.call(id, name, stringify(argument))) throw limitError(`What is given to ${name} is too large or too deep.`);
  lastId = id;
  const reply = new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
  return {
    reply,
    abandon() {
      if (pending.delete(id)) door.abandon(id);
    },
  };
}

const limitError = (message: string): Error => named('LimitError', message);

export function resolveCall(id: number, json: string): void {
  take(id)?.resolve(parse(json));
}

export function rejectCall(id: number, name: string, message: string): void {
  take(id)?.reject(named(name, message));
}

function take(id: number): Pending | undefined {
  const found = pending.get(id);
  pending.delete(id);
  return found;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true });
  return error;
}
