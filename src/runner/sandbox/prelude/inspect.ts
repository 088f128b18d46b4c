/** Values as text for people, on one line and of bounded depth. */
import { stringify } from './door.js';

const deepest = 4;
const mostItems = 100;

/** Text stands as it is at the top, and in quotation marks inside of something. */
export const inspect = (value: unknown): string => (typeof value === 'string' ? value : inside(value, []));

function inside(value: unknown, around: readonly object[]): string {
  if (typeof value === 'string') return stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[Function ${value.name || '(anonymous)'}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error || value instanceof DOMException) return errorText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return 'Promise {}';
  if (around.includes(value)) return '[Circular]';
  if (around.length === deepest) return Array.isArray(value) ? '[Array]' : '[Object]';
  return container(value, [...around, value]);
}

function container(value: object, around: readonly object[]): string {
  const each = (items: Iterable<unknown>): string[] => Array.from(items, (item) => inside(item, around));
  if (Array.isArray(value)) return enclosed('', '[', each(value), ']');
  if (value instanceof ArrayBuffer) return `ArrayBuffer(${value.byteLength})`;
  if (ArrayBuffer.isView(value)) {
    return value instanceof DataView
      ? `DataView(${value.byteLength})`
      : enclosed(`${nameOf(value)}(${value.byteLength}) `, '[', each(value as Uint8Array), ']');
  }
  if (value instanceof Set) return enclosed('Set ', '{', each(value), '}');
  if (value instanceof Map) {
    const entries = Array.from(value, ([key, item]) => `${inside(key, around)} => ${inside(item, around)}`);
    return enclosed('Map ', '{', entries, '}');
  }
  const name = nameOf(value);
  const members = Object.entries(value).map(([key, item]) => `${keyText(key)}: ${inside(item, around)}`);
  return enclosed(name === 'Object' ? '' : `${name} `, '{', members, '}');
}

function enclosed(prefix: string, open: string, items: readonly string[], close: string): string {
  const shown = items.slice(0, mostItems);
  if (items.length > mostItems) shown.push(`… ${items.length - mostItems} more`);
  if (shown.length === 0) return prefix + open + close;
  return open === '[' ? `${prefix}[${shown.join(', ')}]` : `${prefix}{ ${shown.join(', ')} }`;
}

const nameOf = (value: object): string => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null ? '[Object: null prototype]' : String(value.constructor?.name || 'Object');
};

const keyText = (key: string): string => (/^[\w$]+$/.test(key) ? key : stringify(key));

const errorText = ({ name, message, stack }: Error | DOMException): string =>
  [`${name}: ${message}`, ...(stack ? [stack.trimEnd()] : [])].join('\n');
