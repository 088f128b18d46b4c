/** One run as the parent sees it: takes what the child says, serves its calls within the limits, and knows when it has to end. */
import { type HostCall, HostCallError } from './host-call.js';
import type { JsonValue } from './json.js';
import type { SandboxLimits } from './limits.js';
import type { ChildMessage, LogLine, ParentMessage } from './messages.js';
import type { SandboxJob, SandboxOutcome, StopReason } from './outcome.js';
import { ProtocolError } from './protocol-error.js';

type Ending =
  | Extract<ChildMessage, { type: 'returned' | 'threw' }>
  | { readonly type: 'stopped'; readonly reason: StopReason };

/**
 * How long a child may say nothing while it should execute, in milliseconds. It ends a run by itself after `cpuMs` of processor
 * time; this is for code inside of the engine that is never interrupted, and leaves room for a machine that is busy.
 */
const longestSilence = ({ cpuMs }: SandboxLimits): number => 5 * cpuMs + 2000;

/** Messages of a kind that is not bounded by itself (`waiting`); an honest child sends about ten of them a second. */
const mostWaits = ({ wallMs, hostCalls }: SandboxLimits): number => wallMs / 20 + 2 * hostCalls + 100;

export class Run {
  readonly outcome: Promise<SandboxOutcome>;
  readonly #calls = new Map<number, AbortController>();
  readonly #logs: LogLine[] = [];
  readonly #wall: NodeJS.Timeout;
  readonly #cancel = (): void => this.stop('CANCELLED');
  #silence: NodeJS.Timeout | null = null;
  #settle: (outcome: SandboxOutcome) => void = () => {};
  #isOver = false;
  #isCut = false;
  #lastCall = 0;
  #requests = 0;
  #waits = 0;
  #replies = 0;

  /** `onStopped` is told when the parent ends the run, so that the child is killed. */
  constructor(
    private readonly job: SandboxJob,
    private readonly limits: SandboxLimits,
    private readonly send: (message: ParentMessage) => void,
    private readonly onStopped: () => void,
  ) {
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#wall = setTimeout(() => this.stop('WALL'), limits.wallMs);
    job.signal.addEventListener('abort', this.#cancel);
    this.#expectWithin(0);
    send({ type: 'start', code: job.code, variables: job.variables, limits });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the run from outside of the child, which then cannot be used again. */
  stop(reason: StopReason): void {
    if (this.#end({ type: 'stopped', reason })) this.onStopped();
  }

  /** @throws ProtocolError when an honest child would not have sent this message now. */
  receive(message: ChildMessage): void {
    if (this.#isOver) throw new ProtocolError('a message after the end of a run');
    switch (message.type) {
      case 'ready':
        throw new ProtocolError('ready in the middle of a run');
      case 'log':
        this.#log(message);
        break;
      case 'logs-cut':
        this.#cutLogs();
        break;
      case 'call':
        this.#call(message);
        break;
      case 'abandon':
        this.#abandon(message.id);
        break;
      case 'waiting':
        this.#wait(message);
        break;
      default:
        this.#end(message);
    }
  }

  #end(ending: Ending): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#wall);
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.job.signal.removeEventListener('abort', this.#cancel);
    for (const call of this.#calls.values()) call.abort();
    this.#settle(this.#outcomeOf(ending));
    return true;
  }

  #outcomeOf(ending: Ending): SandboxOutcome {
    const logs = this.#logs;
    switch (ending.type) {
      case 'returned':
        return { kind: 'returned', output: ending.output, logs };
      case 'threw':
        return { kind: 'threw', error: ending.error, logs };
      case 'stopped':
        return { kind: 'stopped', reason: ending.reason, logs };
    }
  }

  #log({ level, text }: LogLine): void {
    if (this.#logs.length >= this.limits.logLines) throw new ProtocolError('more log lines than are kept');
    this.#logs.push({ level, text });
  }

  #cutLogs(): void {
    if (this.#isCut || this.#logs.length < this.limits.logLines) throw new ProtocolError('logs cut too early');
    this.#isCut = true;
    this.#logs.push({ level: 'warn', text: `Lines after the first ${this.limits.logLines} are left out.` });
  }

  #call({ id, call }: Extract<ChildMessage, { type: 'call' }>): void {
    if (id !== this.#lastCall + 1) throw new ProtocolError('a call out of order');
    this.#lastCall = id;
    if (call.name === 'fetch') this.#requests += 1;
    const { requests, hostCalls, pendingHostCalls } = this.limits;
    const isAllowed = this.#requests <= requests && id <= hostCalls && this.#calls.size < pendingHostCalls;
    if (isAllowed) this.#serve(id, call);
    else this.stop('HOST_CALLS');
  }

  #serve(id: number, call: HostCall): void {
    const stopped = new AbortController();
    this.#calls.set(id, stopped);
    const answer = (message: ParentMessage): void => {
      if (this.#isOver || !this.#calls.delete(id)) return;
      this.#expectWithin(0);
      this.#replies += 1;
      this.send(message);
    };
    const reply = async (): Promise<JsonValue> => this.job.host(call, stopped.signal);
    reply().then(
      (value) => answer({ type: 'reply', id, value }),
      (error: unknown) => {
        const { name, message } =
          error instanceof HostCallError ? error : { name: 'Error', message: 'The runner could not do this.' };
        answer({ type: 'refusal', id, name, message });
      },
    );
  }

  #abandon(id: number): void {
    if (id === 0 || id > this.#lastCall) throw new ProtocolError('a call that was never made');
    // The reply may be on its way to the child: then there is nothing left to abort.
    this.#calls.get(id)?.abort();
    this.#calls.delete(id);
  }

  #wait({ milliseconds, replies }: Extract<ChildMessage, { type: 'waiting' }>): void {
    this.#waits += 1;
    if (this.#waits > mostWaits(this.limits)) throw new ProtocolError('more waits than there is time for');
    if (replies > this.#replies) throw new ProtocolError('a reply that was never sent');
    // It has not seen the last reply yet, which will have it execute.
    if (replies < this.#replies) return;
    if (milliseconds !== null) this.#expectWithin(milliseconds);
    else if (this.#silence !== null) clearTimeout(this.#silence);
  }

  /** Expects the child to execute in so many milliseconds, and to say something soon after. */
  #expectWithin(milliseconds: number): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    const delay = Math.min(milliseconds + longestSilence(this.limits), this.limits.wallMs);
    this.#silence = setTimeout(() => this.stop('CPU'), delay);
  }
}
