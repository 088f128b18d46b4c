/** A child as the parent sees it: one run at a time, nothing it says is believed, and a kill after the first thing that is wrong. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Logger } from '../../log.js';
import { FrameReader, frame } from './frames.js';
import type { SandboxLimits } from './limits.js';
import { longestFrame, type ParentMessage, readChildMessage } from './messages.js';
import type { SandboxJob, SandboxOutcome } from './outcome.js';
import { ProtocolError } from './protocol-error.js';
import { Run } from './run.js';
import { watchedDescriptor } from './watched-descriptor.js';

/** Milliseconds from the start of a process to its first word. */
const longestStart = 30_000;

export class SandboxProcess {
  /** Resolves with true when the child is ready, and with false when it ends before. */
  readonly started: Promise<boolean>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #frames: FrameReader;
  #settleStart: (isReady: boolean) => void = () => {};
  #state: 'starting' | 'idle' | 'running' | 'ending' = 'starting';
  #run: Run | null = null;
  #organizationId: string | null = null;
  #runs = 0;

  constructor(
    private readonly limits: SandboxLimits,
    private readonly log: Logger,
    launchChild: () => ChildProcess,
  ) {
    this.started = new Promise((resolve) => {
      this.#settleStart = resolve;
    });
    const timer = setTimeout(() => this.kill(), longestStart);
    void this.started.then(() => clearTimeout(timer));
    this.#frames = new FrameReader(longestFrame(limits));
    this.#child = launchChild();
    this.ended = once(this.#child, 'close').then(
      () => this.#onEnd(),
      () => this.#onEnd(),
    );
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    // A child that has ended takes no more input; its end is told by 'close'.
    for (const source of [this.#child, ...this.#child.stdio]) source?.on('error', () => {});
  }

  /** True when a run of this organization may begin here. */
  isFor(organizationId: string): boolean {
    return this.isIdle && this.#organizationId === organizationId;
  }

  get isStarting(): boolean {
    return this.#state === 'starting';
  }

  get isEnding(): boolean {
    return this.#state === 'ending';
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** True for an idle child that has executed no code yet. */
  get isFresh(): boolean {
    return this.isIdle && this.#organizationId === null;
  }

  async run(job: SandboxJob): Promise<SandboxOutcome> {
    this.#state = 'running';
    this.#organizationId = job.organizationId;
    this.#runs += 1;
    const run = new Run(
      job,
      this.limits,
      (message) => this.#send(message),
      () => this.kill(),
    );
    this.#run = run;
    const outcome = await run.outcome;
    this.#run = null;
    if (outcome.kind === 'stopped' || this.#runs >= this.limits.runsPerChild) this.kill();
    else if (this.#state === 'running') this.#state = 'idle';
    return outcome;
  }

  /** Ends the process, and its run with the reason CANCELLED. */
  close(): void {
    this.#run?.stop('CANCELLED');
    this.kill();
  }

  /**
   * Ends the process whatever it does. Bubblewrap is a process around it, and takes it along unless it is killed while it is
   * about to arrange for that: then it is the end of the pipes that ends the child.
   */
  kill(): void {
    this.#state = 'ending';
    this.#settleStart(false);
    this.#child.kill('SIGKILL');
    this.#child.stdin?.destroy();
    this.#child.stdio[watchedDescriptor]?.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'ending') return;
    try {
      for (const text of this.#frames.push(chunk)) this.#receive(text);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.log.warn({ violation: error.message }, 'a sandbox child broke the protocol and was killed');
      this.#run?.stop('CRASHED');
      this.kill();
    }
  }

  #receive(text: string): void {
    if (this.#state === 'ending') return;
    const message = readChildMessage(text, this.limits);
    if (this.#state === 'running' && this.#run !== null) this.#run.receive(message);
    else if (this.#state === 'starting' && message.type === 'ready') {
      this.#state = 'idle';
      this.#settleStart(true);
    } else throw new ProtocolError('a message outside of a run');
  }

  #onEnd(): void {
    this.#state = 'ending';
    this.#settleStart(false);
    this.#run?.stop('CRASHED');
  }

  #send(message: ParentMessage): void {
    if (this.#state === 'running') this.#child.stdin?.write(frame(JSON.stringify(message)));
  }
}
