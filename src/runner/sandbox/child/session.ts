/** One run inside the child: executes the code, tells the parent what happens, and says how it ended exactly once. */
import type { JsonValue } from '../json.js';
import { jsonDepth } from '../json.js';
import type { ChildLimits } from '../limits.js';
import { type ConsoleLevel, errorLengths, logLevels, type ParentMessage } from '../messages.js';
import { ExecutingTime } from './executing-time.js';
import { pureFunctions } from './pure-functions.js';
import {
  codeFile,
  type Door,
  type EngineImage,
  type Instance,
  InterruptedError,
  outOfMemory,
  UncaughtError,
} from './quickjs.js';

/** Waits of this many milliseconds or more are told to the parent; shorter ones only this often. */
const toldWaitMs = 100;
/** The longest delay that a timer of Node.js can have, in milliseconds. */
const longestDelayMs = 2 ** 31 - 1;

/** The functions that the prelude finds behind the door. */
export const doorNames = [
  ...Object.keys(pureFunctions),
  ...['limits', 'log', 'call', 'abandon', 'returned', 'threw', 'wakeAfter'],
];

export class Session {
  readonly #time = new ExecutingTime();
  readonly #pending = new Set<number>();
  #instance: Instance | null = null;
  #alarm: NodeJS.Timeout | null = null;
  #alarmAt: number | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #logLines = 0;
  #replies = 0;
  #hasEnded = false;

  /** `send` takes the JSON of a message to the parent. */
  constructor(
    private readonly limits: ChildLimits,
    private readonly send: (json: string) => void,
  ) {}

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async start(image: EngineImage, code: string, variables: string): Promise<void> {
    this.#instance = await image.start({
      memoryBytes: this.limits.memoryBytes,
      door: this.#door(),
      mayGoOn: () => !this.#hasEnded && !this.#time.exceeds(this.limits.cpuMs),
    });
    this.#execute((instance) => instance.start(code, variables));
  }

  answer(message: Exclude<ParentMessage, { type: 'start' }>): void {
    this.#replies += 1;
    if (!this.#pending.delete(message.id)) return;
    if (message.type === 'reply') {
      this.#execute((instance) => instance.call('reply', message.id, JSON.stringify(message.value)));
    } else {
      this.#execute((instance) => instance.call('refuse', message.id, message.name, message.message));
    }
  }

  #execute(action: (instance: Instance) => void): void {
    if (this.#instance === null || this.#hasEnded) return;
    this.#time.begin();
    try {
      action(this.#instance);
    } catch (error) {
      if (error instanceof InterruptedError) this.#end({ type: 'stopped', reason: 'CPU' });
      else if (error instanceof UncaughtError) this.#threw(error.thrownName, error.thrownMessage, error.thrownStack);
      else throw error;
    }
    this.#time.end();
    if (!this.#hasEnded) this.#wait(this.#instance);
  }

  #wait(instance: Instance): void {
    if (this.#time.exceeds(this.limits.cpuMs)) this.#end({ type: 'stopped', reason: 'CPU' });
    else if (this.#alarmAt === null && this.#pending.size === 0) this.#endStuck(instance);
    else this.#tellWait();
  }

  #tellWait(): void {
    const now = performance.now();
    const milliseconds = this.#alarmAt === null ? null : Math.max(0, Math.ceil(this.#alarmAt - now));
    if (milliseconds !== null && milliseconds < toldWaitMs && now - this.#toldAt < toldWaitMs) return;
    this.#toldAt = now;
    this.#tell({ type: 'waiting', milliseconds, replies: this.#replies });
  }

  /** Nothing can wake the code any more: it waits for a promise that nobody settles, or had no memory left to say how it ended. */
  #endStuck(instance: Instance): void {
    if (instance.allocatedBytes > this.limits.memoryBytes * 0.9) this.#end({ type: 'stopped', reason: 'MEMORY' });
    else this.#threw('Error', 'The code waits for a promise that nothing can settle.', '');
  }

  #door(): Door {
    return {
      ...pureFunctions,
      limits: () => JSON.stringify(this.limits),
      log: (level, text) => this.#log(logLevels.find((known) => known === level) ?? 'log', String(text)),
      call: (id, name, argument) => this.#call(Number(id), String(name), String(argument)),
      abandon: (id) => this.#abandon(Number(id)),
      returned: (json) => this.#returned(String(json)),
      threw: (name, message, stack) => this.#threw(String(name), String(message), String(stack)),
      wakeAfter: (milliseconds) => this.#wakeAfter(Number(milliseconds)),
    };
  }

  #log(level: ConsoleLevel, text: string): null {
    this.#logLines += 1;
    if (this.#logLines <= this.limits.logLines) {
      this.#tell({ type: 'log', level, text: cut(text, this.limits.logLineBytes) });
    } else if (this.#logLines === this.limits.logLines + 1) this.#tell({ type: 'logs-cut' });
    return null;
  }

  /** False when the argument is larger or deeper than the limits allow. */
  #call(id: number, name: string, argument: string): boolean {
    if (!this.#isBounded(argument)) return false;
    this.#pending.add(id);
    this.#write(`{"type":"call","id":${id},"name":${JSON.stringify(name)},"argument":${argument}}`);
    return true;
  }

  #abandon(id: number): null {
    if (this.#pending.delete(id)) this.#tell({ type: 'abandon', id });
    return null;
  }

  #returned(json: string): null {
    if (this.#time.exceeds(this.limits.cpuMs)) this.#end({ type: 'stopped', reason: 'CPU' });
    else if (!this.#isBounded(json)) this.#end({ type: 'stopped', reason: 'RESULT_TOO_LARGE' });
    else this.#finish(`{"type":"returned","output":${json}}`);
    return null;
  }

  #threw(name: string, message: string, stack: string): null {
    if (name === 'InternalError' && message === outOfMemory) this.#end({ type: 'stopped', reason: 'MEMORY' });
    else {
      const line = lineIn(stack);
      const texts = { name: name.slice(0, errorLengths.name), message: message.slice(0, errorLengths.message) };
      this.#end({ type: 'threw', ...texts, line });
    }
    return null;
  }

  /** One timer for all of them: the prelude keeps its timers in the engine's own bounded memory. Below 0: no timer. */
  #wakeAfter(milliseconds: number): null {
    if (this.#alarm !== null) clearTimeout(this.#alarm);
    this.#alarm = null;
    this.#alarmAt = null;
    if (!(milliseconds >= 0) || this.#hasEnded) return null;
    const delay = Math.min(milliseconds, longestDelayMs);
    this.#alarmAt = performance.now() + delay;
    this.#alarm = setTimeout(() => {
      this.#alarmAt = null;
      this.#execute((instance) => instance.call('wake'));
    }, delay);
    return null;
  }

  #isBounded(json: string): boolean {
    const { resultBytes, resultDepth } = this.limits;
    if (Buffer.byteLength(json) > resultBytes) return false;
    try {
      return jsonDepth(JSON.parse(json) as JsonValue) <= resultDepth;
    } catch {
      return false;
    }
  }

  #end(message: object): void {
    this.#finish(JSON.stringify(message));
  }

  #finish(json: string): void {
    if (this.#hasEnded) return;
    this.#write(json);
    this.#hasEnded = true;
    this.#wakeAfter(-1);
    this.#instance = null;
  }

  #tell(message: object): void {
    this.#write(JSON.stringify(message));
  }

  #write(json: string): void {
    if (!this.#hasEnded) this.send(json);
  }
}

function lineIn(stack: string): number | null {
  const found = new RegExp(`\\b${codeFile}:(\\d{1,7})\\b`).exec(stack);
  return found?.[1] === undefined ? null : Number(found[1]);
}

function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text.toWellFormed();
  const ellipsis = '…';
  const kept = Buffer.from(text.slice(0, bytes)).subarray(0, bytes - Buffer.byteLength(ellipsis));
  return kept.toString().replace(/\uFFFD{1,3}$/, '') + ellipsis;
}
