/**
 * The engine, and the only file that knows which one it is. Nothing but primitive values and copies of bytes cross its border,
 * so no object of the child can be reached from inside.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EvalFlags, JSException, type JSValueHandle, QuickJS, type Snapshot, type WasiOptions } from 'quickjs-wasi';

export type Primitive = string | number | boolean | null | Uint8Array;
/** What the inside may call. What a function cannot do it answers with null; one that throws ends the instance. */
export type Door = Readonly<Record<string, (...inputs: Primitive[]) => Primitive>>;

/** An exception that the code inside threw and nobody caught. */
export class UncaughtError extends Error {
  override readonly name = 'UncaughtError';

  /** `thrownStack` has one line for each call: `    at f (code.js:1:2)`. */
  constructor(
    readonly thrownName: string,
    readonly thrownMessage: string,
    readonly thrownStack: string,
  ) {
    super('Uncaught.');
  }
}

/** Thrown through the engine when `mayGoOn` says no. No code inside can catch it, and the instance must not be used again. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

export interface InstanceSettings {
  readonly memoryBytes: number;
  readonly door: Door;
  /** Asked again and again while code executes. */
  mayGoOn(): boolean;
}

/**
 * Bytes of the engine's own stack: deep enough for about a thousand calls, and so small that the stack of the process
 * (`--stack-size`), on which WebAssembly runs, does not end first, which was measured with what needs the most of it for a byte
 * here, nested parentheses. That would be a trap, and the author would get no RangeError.
 */
const stackBytes = 256 * 1024;

/** The declarations of Node.js have the types of WebAssembly and not its functions. */
const webAssembly = Reflect.get(globalThis, 'WebAssembly') as {
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>;
};

/** The message of the engine's InternalError for an allocation beyond the limit. */
export const outOfMemory = 'out of memory';

/** The name of the author's file in the lines of a stack. */
export const codeFile = 'code.js';

/** The state of an engine in which the prelude has been evaluated; instances start as copies of it. */
export class EngineImage {
  private constructor(
    private readonly module: WebAssembly.Module,
    private readonly snapshot: Snapshot,
    private readonly entries: ReadonlyMap<string, number>,
  ) {}

  /**
   * Evaluates the prelude's modules. They find the door as the global `nightsafeDoor`, take it away, and leave the functions
   * that an instance can be called by in the global `nightsafeEntries`, which is taken away here.
   */
  static async create(
    prelude: (path: string) => string,
    entry: string,
    doorNames: readonly string[],
  ): Promise<EngineImage> {
    const path = fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm'));
    const module = await webAssembly.compile(await readFile(path));
    const resolve = (base: string, specifier: string): string =>
      new URL(specifier, `file:///${base}`).pathname.slice(1);
    const vm = await QuickJS.create({
      wasm: module,
      wasi,
      timezoneOffset: 0,
      moduleLoader: { normalize: resolve, load: prelude },
    });
    const door = vm.newObject();
    for (const name of doorNames)
      door.setProp(
        name,
        vm.newFunction(name, () => vm.null),
      );
    vm.setProp(vm.global, 'nightsafeDoor', door);
    vm.evalCode(prelude(entry), entry, EvalFlags.TYPE_MODULE);
    vm.executePendingJobs();
    const entries = vm.global.getProp('nightsafeEntries');
    if (!entries.isObject) throw new Error('The prelude of the sandbox does not load.');
    const names = entries.getOwnPropertyKeys().map((key) => key.toString());
    const tokens = new Map(names.map((name) => [name, vm.exportHandle(entries.getProp(name))]));
    vm.evalCode('delete globalThis.nightsafeEntries');
    vm.runGC();
    return new EngineImage(module, vm.snapshot(), tokens);
  }

  async start({ memoryBytes, door, mayGoOn }: InstanceSettings): Promise<Instance> {
    const failure: Failure = { error: null };
    const vm = await QuickJS.restore(this.snapshot, {
      wasm: this.module,
      wasi,
      memoryLimit: memoryBytes,
      maxStackSize: stackBytes,
      timezoneOffset: 0,
      interruptHandler: () => {
        if (failure.error !== null || !mayGoOn()) throw new InterruptedError();
        return false;
      },
    });
    for (const [name, call] of Object.entries(door)) {
      vm.registerHostCallback(name, (...inputs) => {
        // The library would copy the stack of what is thrown here into an error inside.
        try {
          if (failure.error === null) return answer(vm, call(...inputs.map(toPrimitive)));
        } catch (error) {
          failure.error = error instanceof Error ? error : new Error('A function of the door threw something.');
        }
        return vm.null;
      });
    }
    return new Instance(vm, this.entries, failure);
  }
}

/** What a function of the door threw. Code inside never sees it: it is interrupted, and nothing is called for it any more. */
interface Failure {
  error: Error | null;
}

/** One run's engine. There is nothing to free: it goes with its memory when nothing refers to it. */
export class Instance {
  constructor(
    private readonly vm: QuickJS,
    private readonly entries: ReadonlyMap<string, number>,
    private readonly failure: Readonly<Failure>,
  ) {}

  /**
   * Calls the entry `start` with the code as an async function: `return` gives its result, and its lines are the author's.
   *
   * @throws UncaughtError when the code cannot be parsed.
   */
  start(code: string, variables: string): void {
    this.#attempt(() => {
      const main = this.vm.evalCode(`(async () => {"use strict";${code}\n})`, codeFile);
      this.#callEntry('start', [main, this.vm.newString(variables)]);
    });
  }

  /** Calls an entry of the prelude, and then everything that became due by it. */
  call(entry: string, ...inputs: Primitive[]): void {
    this.#attempt(() => {
      const handles = inputs.map((input) => toHandle(this.vm, input));
      this.#callEntry(entry, handles);
    });
  }

  get allocatedBytes(): number {
    return this.vm.getMemoryUsage().mallocSize;
  }

  #callEntry(entry: string, inputs: JSValueHandle[]): void {
    const token = this.entries.get(entry);
    if (token === undefined) throw new Error(`The prelude has no entry ${entry}.`);
    this.vm.callFunction(this.vm.importHandle(token), this.vm.undefined, ...inputs).dispose();
    for (const input of inputs) input.dispose();
    this.#runJobs();
  }

  /** Everything that throws in a job of its own, such as a callback of a FinalizationRegistry, comes as this error. */
  #runJobs(): void {
    try {
      this.vm.executePendingJobs();
    } catch (error) {
      const prefix = 'Job execution error: ';
      if (!(error instanceof Error && error.message.startsWith(prefix))) throw error;
      throw new UncaughtError('Error', error.message.slice(prefix.length), '');
    }
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (this.failure.error !== null) throw this.failure.error;
      if (!(error instanceof JSException)) throw error;
      throw new UncaughtError(error.name, error.message, error.stack ?? '');
    }
    if (this.failure.error !== null) throw this.failure.error;
  }
}

/** What the engine would print goes nowhere: the child's output is for messages alone. */
const wasi: WasiOptions = () => ({ fd_write: () => 8 });

function toPrimitive(handle: JSValueHandle): Primitive {
  if (handle.isString) return handle.toString();
  if (handle.isNumber) return handle.toNumber();
  if (handle.isBool) return handle.toBoolean();
  if (handle.isNull || handle.isUndefined) return null;
  // Of typed arrays the engine itself gives the bytes; no code inside is run for any of these conversions.
  try {
    return handle.toUint8Array();
  } catch {
    return null;
  }
}

/** Null when the engine has no memory left for the value. */
function answer(vm: QuickJS, value: Primitive): JSValueHandle {
  try {
    return toHandle(vm, value);
  } catch {
    return vm.null;
  }
}

/** @throws UncaughtError when the engine has no memory left for the value. */
function toHandle(vm: QuickJS, value: Primitive): JSValueHandle {
  if (typeof value === 'number') return vm.newNumber(value);
  if (typeof value === 'boolean') return value ? vm.true : vm.false;
  if (value === null) return vm.null;
  const handle = typeof value === 'string' ? vm.newString(value) : vm.newUint8Array(value);
  if (!handle.isString && !handle.isObject) throw new UncaughtError('InternalError', outOfMemory, '');
  return handle;
}
