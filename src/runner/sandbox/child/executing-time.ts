/** The processor time in which code executes. */

/**
 * Adds up slices of execution. Neither of Node's clocks tells the processor time of one thread: that of the process also counts
 * the compiler's threads, and that of the wall counts the time in which others had the processor. Both are at least the time
 * of the thread, so the lesser of the two is taken for each slice.
 */
export class ExecutingTime {
  #ended = 0;
  #slice: { readonly wall: number; readonly cpu: NodeJS.CpuUsage } | null = null;

  begin(): void {
    this.#slice = { wall: performance.now(), cpu: process.cpuUsage() };
  }

  end(): void {
    this.#ended = this.milliseconds;
    this.#slice = null;
  }

  get milliseconds(): number {
    return this.#ended + this.#current();
  }

  exceeds(milliseconds: number): boolean {
    if (this.#slice === null) return this.#ended > milliseconds;
    const wall = this.#ended + performance.now() - this.#slice.wall;
    return wall > milliseconds && this.milliseconds > milliseconds;
  }

  #current(): number {
    if (this.#slice === null) return 0;
    const { user, system } = process.cpuUsage(this.#slice.cpu);
    return Math.min(performance.now() - this.#slice.wall, (user + system) / 1000);
  }
}
