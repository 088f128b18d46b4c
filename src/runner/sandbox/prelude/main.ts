/**
 * What code finds in the sandbox beside JavaScript itself: the part of the web platform that has a meaning here, and ours. These
 * modules are evaluated once inside the engine; every run begins with a copy of the result.
 */
import './abort.js';
import './console.js';
import './crypto.js';
import './encoding.js';
import './fetch.js';
import './headers.js';
import './structured-clone.js';
import './url.js';
import { parse } from './door.js';
import { rejectCall, resolveCall } from './host-calls.js';
import { execute } from './outcome.js';
import { wake } from './timers.js';

function start(main: () => Promise<unknown>, variables: string): void {
  for (const [name, value] of Object.entries(parse(variables) as Record<string, unknown>)) {
    Object.defineProperty(globalThis, name, {
      value: frozen(value),
      enumerable: true,
      writable: false,
      configurable: false,
    });
  }
  void execute(main);
}

function frozen(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) frozen(item);
    Object.freeze(value);
  }
  return value;
}

Object.assign(globalThis, { nightsafeEntries: { start, wake, reply: resolveCall, refuse: rejectCall } });
