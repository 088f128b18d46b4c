/** Run Code's sandbox: a pool of child processes, started before they are needed. */

import type { Logger } from '../../log.js';
import { OperatorError } from '../../operator-error.js';
import { type Bubblewrap, launch } from './launch.js';
import { defaultSandboxLimits, type SandboxLimits } from './limits.js';
import type { SandboxJob, SandboxOutcome, StopReason } from './outcome.js';
import { SandboxProcess } from './sandbox-process.js';

export interface SandboxPoolSettings {
  /** Runs at one time, at least 1. There is one child more than that. */
  readonly size: number;
  /** What is left out has its default. */
  readonly limits?: Partial<SandboxLimits>;
  /** `auto`: where it works, which is tried at the start; `require`: without it there is no sandbox. */
  readonly bubblewrap: Bubblewrap;
  readonly log: Logger;
}

interface Waiting {
  readonly job: SandboxJob;
  settle(outcome: SandboxOutcome): void;
}

/** Milliseconds before the next start of a child after one, two, three, … have failed in a row. */
const pauses = [100, 500, 2000, 5000] as const;
const identifier = /^[A-Za-z_$][\w$]*$/;

const stopped = (reason: StopReason): SandboxOutcome => ({ kind: 'stopped', reason, logs: [] });

export class SandboxPool {
  /** All that are not gone, in the order in which they were last used. */
  readonly #children = new Set<SandboxProcess>();
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #failedStarts = 0;
  #pause: NodeJS.Timeout | null = null;
  #isClosed = false;

  private constructor(
    private readonly size: number,
    private readonly limits: SandboxLimits,
    private readonly log: Logger,
    private readonly isWrapped: boolean,
  ) {}

  /**
   * Resolves when a first child is ready.
   *
   * @throws OperatorError when no child can be started, or none inside of bubblewrap although it is required.
   */
  static async start({ size, limits, bubblewrap, log }: SandboxPoolSettings): Promise<SandboxPool> {
    const all = { ...defaultSandboxLimits, ...limits };
    for (const isWrapped of { auto: [true, false], off: [false], require: [true] }[bubblewrap]) {
      const first = new SandboxProcess(all, log, () => launch(all, isWrapped));
      if (await first.started) {
        const pool = new SandboxPool(size, all, log, isWrapped);
        pool.#adopt(first);
        log.info({ layers: pool.layers }, 'sandbox is ready');
        return pool;
      }
      await first.ended;
    }
    throw new OperatorError(
      bubblewrap === 'require'
        ? 'The sandbox cannot start inside of bubblewrap, which is required. Install bwrap and allow unprivileged user namespaces, or do not require it.'
        : 'The sandbox cannot start: no child process of Node.js with its permission model could be started.',
    );
  }

  /** What is between code and the runner, the innermost first. */
  get layers(): string[] {
    const always = ['wasm', 'process', 'node-permissions'];
    return this.isWrapped ? [...always, 'bubblewrap', 'no-network-namespace'] : always;
  }

  /** Never rejects for what code does. @throws RangeError or TypeError for a job that no child should be given. */
  async run(job: SandboxJob): Promise<SandboxOutcome> {
    if (Buffer.byteLength(job.code) > this.limits.codeBytes) {
      throw new RangeError(`code has at most ${this.limits.codeBytes} bytes in UTF-8.`);
    }
    if (!Object.keys(job.variables).every((name) => identifier.test(name))) {
      throw new TypeError('variables: a name is not a JavaScript identifier of ASCII characters.');
    }
    if (this.#isClosed || job.signal.aborted) return stopped('CANCELLED');
    return new Promise((resolve) => {
      const waiting: Waiting = {
        job,
        settle: (outcome) => {
          job.signal.removeEventListener('abort', cancel);
          resolve(outcome);
        },
      };
      const cancel = (): void => {
        this.#forget(waiting);
        waiting.settle(stopped('CANCELLED'));
      };
      job.signal.addEventListener('abort', cancel);
      this.#waiting.push(waiting);
      this.#dispatch();
    });
  }

  /** Ends every run with the reason CANCELLED. Resolves when no child is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#pause !== null) clearTimeout(this.#pause);
    for (const { settle } of this.#waiting.splice(0)) settle(stopped('CANCELLED'));
    const children = [...this.#children];
    for (const child of children) child.close();
    await Promise.all(children.map(({ ended }) => ended));
  }

  /** Gives every job that waits a child, as far as there are any, the oldest job first. */
  #dispatch(): void {
    for (const waiting of [...this.#waiting]) {
      if (this.#running >= this.size) break;
      const child = this.#childFor(waiting.job.organizationId);
      if (child !== undefined) void this.#runIn(child, waiting);
    }
    this.#prewarm();
  }

  #childFor(organizationId: string): SandboxProcess | undefined {
    const children = [...this.#children];
    return children.find((child) => child.isFor(organizationId)) ?? children.find(({ isFresh }) => isFresh);
  }

  async #runIn(child: SandboxProcess, waiting: Waiting): Promise<void> {
    this.#forget(waiting);
    this.#running += 1;
    this.#children.delete(child);
    this.#children.add(child);
    waiting.settle(await child.run(waiting.job));
    this.#running -= 1;
    this.#dispatch();
  }

  /** Keeps one child fresh; the child that was used longest ago makes room for it. */
  #prewarm(): void {
    if (this.#isClosed || this.#pause !== null) return;
    const children = [...this.#children];
    if (children.some(({ isFresh, isStarting }) => isFresh || isStarting)) return;
    if (children.length <= this.size)
      this.#adopt(new SandboxProcess(this.limits, this.log, () => launch(this.limits, this.isWrapped)));
    else if (!children.some(({ isEnding }) => isEnding)) children.find(({ isIdle }) => isIdle)?.kill();
  }

  #adopt(child: SandboxProcess): void {
    this.#children.add(child);
    void child.started.then((isReady) => this.#onStarted(isReady));
    void child.ended.then(() => {
      this.#children.delete(child);
      this.#dispatch();
    });
  }

  #onStarted(isReady: boolean): void {
    if (isReady || this.#isClosed) {
      this.#failedStarts = 0;
      this.#dispatch();
      return;
    }
    const pause = pauses[Math.min(this.#failedStarts, pauses.length - 1)];
    this.#failedStarts += 1;
    this.log.error({ failedStarts: this.#failedStarts }, 'a sandbox child did not start');
    this.#waiting.shift()?.settle(stopped('CRASHED'));
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#dispatch();
    }, pause);
  }

  #forget(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}
