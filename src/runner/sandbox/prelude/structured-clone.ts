/** structuredClone: deep copies with cycles kept; what the HTML standard cannot clone is a DataCloneError here too. */
import { defineGlobals } from './door.js';

type Copies = Map<object, object>;

const errors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function clone(value: unknown, copies: Copies): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw notCloned(`a ${typeof value}`);
  if (typeof value !== 'object' || value === null) return value;
  return copies.get(value) ?? copy(value, copies);
}

function copy(value: object, copies: Copies): object {
  const keep = <Copy extends object>(made: Copy): Copy => {
    copies.set(value, made);
    return made;
  };
  if (value instanceof Date) return keep(new Date(value));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof Boolean || value instanceof Number || value instanceof String)
    return keep(Object(value.valueOf()));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) return keep(copyView(value, copies));
  if (value instanceof Error) return copyError(value, copies, keep);
  if (value instanceof Map) {
    const made = keep(new Map());
    for (const [key, item] of [...value]) made.set(clone(key, copies), clone(item, copies));
    return made;
  }
  if (value instanceof Set) {
    const made = keep(new Set());
    for (const item of [...value]) made.add(clone(item, copies));
    return made;
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef) {
    throw notCloned('an object of this class');
  }
  const made = keep(Array.isArray(value) ? new Array(value.length) : {});
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(made, key, {
      value: clone(item, copies),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return made;
}

function copyView(view: ArrayBufferView, copies: Copies): ArrayBufferView {
  const View = view.constructor as new (buffer: unknown, offset: number, length: number) => ArrayBufferView;
  const length = view instanceof DataView ? view.byteLength : (view as Uint8Array).length;
  return new View(clone(view.buffer, copies), view.byteOffset, length);
}

function copyError(error: Error, copies: Copies, keep: (made: Error) => Error): Error {
  const { name, message, stack } = error;
  const made = keep(new (errors[name as keyof typeof errors] ?? Error)(message));
  if (stack !== undefined) Object.defineProperty(made, 'stack', { value: stack, writable: true, configurable: true });
  if ('cause' in error) made.cause = clone(error.cause, copies);
  return made;
}

const notCloned = (what: string): DOMException => new DOMException(`${what} could not be cloned.`, 'DataCloneError');

defineGlobals({
  structuredClone: (value: unknown, options: { transfer?: unknown[] } = {}): unknown => {
    if ((options.transfer ?? []).length > 0) throw notCloned('What is transferred');
    return clone(value, new Map());
  },
});
