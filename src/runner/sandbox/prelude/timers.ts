/** Timers, kept in the engine's own memory. The child is asked for one wake-up at a time. */
import { defineGlobals, door } from './door.js';
import { failRun } from './outcome.js';

interface Timer {
  readonly id: number;
  readonly callback: () => void;
  /** In milliseconds; null: once. */
  readonly interval: number | null;
  due: number;
}

/** As browsers do, a longer delay is none. */
const longestDelay = 2 ** 31 - 1;
const now = Date.now;
const timers = new Map<number, Timer>();
let lastId = 0;

export function setTimeout(callback: unknown, delay?: unknown, ...inputs: unknown[]): number {
  return add(callback, delay, inputs, false);
}

function setInterval(callback: unknown, delay?: unknown, ...inputs: unknown[]): number {
  return add(callback, delay, inputs, true);
}

export function clearTimeout(id: unknown): void {
  if (!timers.delete(Number(id)) || timers.size > 0) return;
  scheduled = null;
  door.wakeAfter(-1);
}

function add(callback: unknown, delay: unknown, inputs: unknown[], isRepeated: boolean): number {
  if (typeof callback !== 'function') throw new TypeError('The callback of a timer must be a function.');
  const wanted = Math.trunc(Number(delay ?? 0));
  const milliseconds = wanted >= 1 && wanted <= longestDelay ? wanted : 1;
  lastId += 1;
  const due = now() + milliseconds;
  const interval = isRepeated ? milliseconds : null;
  timers.set(lastId, { id: lastId, callback: () => callback(...inputs), interval, due });
  scheduleBy(due);
  return lastId;
}

/** When the child was asked to wake us; null: it was not. */
let scheduled: number | null = null;

function scheduleBy(due: number): void {
  if (scheduled !== null && scheduled <= due) return;
  scheduled = due;
  door.wakeAfter(Math.max(0, due - now()));
}

/** Runs the timers that are due, the earliest first, and those of the same time in the order in which they were set. */
export function wake(): void {
  scheduled = null;
  const time = now();
  const due = [...timers.values()].filter((timer) => timer.due <= time).sort((a, b) => a.due - b.due || a.id - b.id);
  for (const timer of due) {
    if (timers.get(timer.id) !== timer) continue;
    if (timer.interval === null) timers.delete(timer.id);
    else timer.due = now() + timer.interval;
    runLater(timer.callback);
  }
  for (const { due: next } of timers.values()) scheduleBy(next);
}

/** Each callback is a job of its own: what it throws ends the run, and what it awaits goes on before the next one is called. */
function runLater(callback: () => void): void {
  Promise.resolve().then(callback).then(undefined, failRun);
}

function queueMicrotask(callback: unknown): void {
  if (typeof callback !== 'function') throw new TypeError('The callback of a microtask must be a function.');
  runLater(() => callback());
}

defineGlobals({
  setTimeout,
  setInterval,
  clearTimeout,
  clearInterval: (id: unknown) => clearTimeout(id),
  queueMicrotask,
});
