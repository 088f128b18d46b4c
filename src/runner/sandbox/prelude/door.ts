/** The door from the sandbox to its child process, as the modules of the prelude see it, and the parts of JavaScript that they keep. */

type Level = 'debug' | 'info' | 'log' | 'warn' | 'error';

interface Door {
  /** JSON of the limits of this run. */
  limits(): string;
  log(level: Level, text: string): void;
  /** False: the argument is too large. */
  call(id: number, name: string, argument: string): boolean;
  abandon(id: number): void;
  returned(json: string): void;
  threw(name: string, message: string, stack: string): void;
  /** Has the entry `wake` called after so many milliseconds, and not at the time asked for before; below 0: not at all. */
  wakeAfter(milliseconds: number): void;
  parseUrl(url: string, base: string | null): string | null;
  changeUrl(href: string, part: string, value: string): string | null;
  parseQuery(text: string): string | null;
  formatQuery(pairs: string): string | null;
  encodeUtf8(text: string): Uint8Array<ArrayBuffer>;
  decodeUtf8(bytes: Uint8Array, fatal: boolean, ignoreBOM: boolean): string | null;
  toBase64(bytes: Uint8Array): string;
  fromBase64(text: string): Uint8Array<ArrayBuffer>;
  digest(hash: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> | null;
  randomBytes(count: number): Uint8Array<ArrayBuffer>;
}

const globals = globalThis as unknown as Record<string, unknown>;

export const door = globals.nightsafeDoor as Door;
delete globals.nightsafeDoor;

/** Kept, because code may have a variable of these names. */
export const { parse, stringify } = JSON;

/** Puts these where code finds them as globals; like those of the web platform they can be replaced by code. */
export function defineGlobals(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globals, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
