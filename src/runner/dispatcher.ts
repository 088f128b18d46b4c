/** Starts runs as long as there is room, keeps their leases, and stops them when they are cancelled or lost. */
import type { Logger } from '../log.js';
import type { ClaimedRun, RunClaims } from './claim-run.js';
import type { Leases } from './leases.js';

export interface DispatcherSettings {
  readonly runsAtOnce: number;
  readonly leaseMilliseconds: number;
}

/** Why a run's signal aborted. */
export type StopReason = 'cancelled' | 'lost' | 'shutdown';

/** How often leases and cancellations are looked at, and whether there are runs that no notice told of, in milliseconds. */
const tick = 1_000;

/** How long `close` lets runs go on, in milliseconds. */
const longestDrain = 8_000;

interface ActiveRun {
  readonly run: ClaimedRun;
  readonly abort: AbortController;
  leaseUntil: number;
  readonly ended: Promise<void>;
}

export class RunDispatcher {
  readonly #active = new Map<string, ActiveRun>();
  #looking: Promise<void> | null = null;
  #mustLookAgain = false;
  #isClosing = false;
  #timer: NodeJS.Timeout | null = null;
  #ticking: Promise<void> | null = null;

  /** @param execute does a whole run; the signal's reason is a StopReason. */
  constructor(
    private readonly claims: RunClaims,
    private readonly leases: Leases,
    private readonly execute: (run: ClaimedRun, signal: AbortSignal) => Promise<void>,
    private readonly settings: DispatcherSettings,
    private readonly clock: () => number,
    private readonly log: Logger,
  ) {}

  get activeRuns(): number {
    return this.#active.size;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#ticking ??= this.#tick().finally(() => {
        this.#ticking = null;
      });
    }, tick);
  }

  /** Starts what may start. Calls that come while one is at work share it, and one more look follows. */
  look(): Promise<void> {
    this.#mustLookAgain = true;
    this.#looking ??= this.#lookWhileAsked().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** Takes no more runs, lets those at work end for a while, and then gives them up. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
    await this.#ticking;
    const runs = [...this.#active.values()];
    const late = setTimeout(() => {
      for (const { abort } of runs) abort.abort('shutdown' satisfies StopReason);
    }, longestDrain);
    await Promise.all(runs.map(({ ended }) => ended));
    clearTimeout(late);
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#mustLookAgain && !this.#isClosing) {
      this.#mustLookAgain = false;
      try {
        await this.#takeRuns();
      } catch (error) {
        this.log.warn({ err: error }, 'no run could be taken; the next look comes soon');
      }
    }
  }

  async #takeRuns(): Promise<void> {
    while (this.#active.size < this.settings.runsAtOnce && !this.#isClosing) {
      const now = this.clock();
      const leaseUntil = now + this.settings.leaseMilliseconds;
      const run = await this.claims.take(now, leaseUntil);
      if (run === null) return;
      this.#begin(run, leaseUntil);
    }
  }

  #begin(run: ClaimedRun, leaseUntil: number): void {
    if (this.#active.has(run.id)) {
      this.log.error({ runId: run.id }, 'a run was given out although it is at work here; it is not begun again');
      return;
    }
    const abort = new AbortController();
    const ended = this.execute(run, abort.signal)
      .catch((error: unknown) => this.log.error({ err: error, runId: run.id }, 'a run could not be written down'))
      .finally(() => {
        this.#active.delete(run.id);
        void this.look();
      });
    this.#active.set(run.id, { run, abort, leaseUntil, ended });
  }

  async #tick(): Promise<void> {
    await Promise.all([...this.#active.values()].map((active) => this.#keep(active)));
    await this.leases
      .endExpired(this.clock())
      .catch((error: unknown) => this.log.warn({ err: error }, 'runs of other runners could not be looked through'));
    void this.look();
  }

  async #keep(active: ActiveRun): Promise<void> {
    const now = this.clock();
    const { leaseMilliseconds } = this.settings;
    try {
      const isDue = active.leaseUntil - now < (leaseMilliseconds * 2) / 3;
      const leaseUntil = isDue ? now + leaseMilliseconds : active.leaseUntil;
      const standing = await (isDue
        ? this.leases.renew(active.run, now, leaseUntil)
        : this.leases.standing(active.run, now));
      if (standing.isHeld) active.leaseUntil = leaseUntil;
      else this.#stop(active, 'lost');
      if (standing.isCancelled) this.#stop(active, 'cancelled');
    } catch (error) {
      this.log.warn({ err: error, runId: active.run.id }, 'a lease could not be renewed');
      if (this.clock() >= active.leaseUntil) this.#stop(active, 'lost');
    }
  }

  #stop({ abort, run }: ActiveRun, reason: StopReason): void {
    // A run that ended meanwhile is not held any more either.
    if (this.#active.has(run.id)) abort.abort(reason);
  }
}
