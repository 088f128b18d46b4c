/** Nightsafe as an operator has it: a home and a database of its own, and the compiled program run as processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/config.js';
import { Database, type Row } from '../../src/database/database.js';
import { scratchDatabase } from '../database/scratch.js';

export const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export type Settings = Readonly<Record<string, string | undefined>>;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface LogLine {
  readonly pid: number;
  readonly port: number;
  readonly msg: string;
}

/** A command that is under way, and everything that it started: they share its output. */
export class Running {
  stdout = '';
  stderr = '';
  /** Resolves when no process that writes to the output is left. */
  readonly ended: Promise<Ended>;
  #isOver = false;

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.#isOver = true;
      return { code, signal, stdout: this.stdout, stderr: this.stderr };
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process did not start');
    return this.child.pid;
  }

  /** Waits until the condition holds. Throws with the output when everything ended without it. */
  async until<Result>(condition: () => Result | undefined | false): Promise<Result> {
    for (;;) {
      const result = condition();
      if (result !== undefined && result !== false) return result;
      if (this.#isOver) throw new Error(`ended early:\n${this.stdout}\n${this.stderr}`);
      await pause(20);
    }
  }

  says(text: string): Promise<unknown> {
    return this.until(() => this.stdout.includes(text));
  }

  /** The log line of the process that has begun to serve. */
  serving(role: 'api' | 'runner'): Promise<LogLine> {
    const message = { api: 'api is listening', runner: 'runner is ready' }[role];
    return this.until(() => this.log.find(({ msg }) => msg === message));
  }

  get log(): LogLine[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  }

  async stop(): Promise<Ended> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** Ends everything that is left, whatever state it is in. */
  async destroy(): Promise<void> {
    if (this.#isOver) return;
    const pids = new Set([this.pid, ...this.log.map(({ pid }) => pid)]);
    for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    await this.ended;
  }
}

/** False also for a process that has ended and whom nobody has asked for its exit code yet. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !(process.platform === 'linux' && /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  } catch {
    return false;
  }
}

/** Waits for what no output tells of. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

export class Installation {
  readonly #running: Running[] = [];

  private constructor(
    /** A folder of the test's own, around the home. */
    readonly folder: string,
    readonly home: string,
    readonly settings: Settings,
    private readonly removeDatabase: () => Promise<void>,
  ) {}

  /** On the server of TEST_DATABASE_URL with an empty schema; without it, on the SQLite file that is the default. */
  static async make(settings: Settings = {}): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'nightsafe-start-'));
    const home = join(folder, 'home');
    const scratch = process.env.TEST_DATABASE_URL ? await scratchDatabase() : null;
    const all = {
      PATH: process.env.PATH,
      NIGHTSAFE_HOME: home,
      DATABASE_URL: scratch?.url,
      PORT: '0',
      NIGHTSAFE_RUNNER_PORT: '0',
      NIGHTSAFE_PLAYGROUND: '0',
      ...settings,
    };
    return new Installation(folder, home, all, async () => scratch?.remove());
  }

  begin(words: readonly string[], settings: Settings = {}, nodeOptions: readonly string[] = []): Running {
    const child = spawn(process.execPath, [...nodeOptions, main, ...words], {
      cwd: this.folder,
      env: { ...this.settings, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, such as a terminal gives to a command.
      detached: true,
    });
    const running = new Running(child);
    this.#running.push(running);
    return running;
  }

  run(words: readonly string[], settings: Settings = {}, nodeOptions: readonly string[] = []): Promise<Ended> {
    return this.begin(words, settings, nodeOptions).ended;
  }

  /** `start`, once both processes serve. */
  async start(settings: Settings = {}): Promise<{
    readonly running: Running;
    readonly api: LogLine;
    readonly runner: LogLine;
  }> {
    const running = this.begin(['start'], settings);
    await running.says('Nightsafe is open at');
    return { running, api: await running.serving('api'), runner: await running.serving('runner') };
  }

  /** Looks into the database, or tampers with it. */
  async sql(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const database = await Database.open(readConfig({ ...this.settings }).database, { migrate: false });
    try {
      return await database.transaction((tx) => tx.query(statement, parameters));
    } finally {
      await database.close();
    }
  }

  file(...names: readonly string[]): string {
    return join(this.home, ...names);
  }

  /** Makes a folder beside the home. */
  makeFolder(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path);
    return path;
  }

  async remove(): Promise<void> {
    for (const running of this.#running) await running.destroy();
    await this.removeDatabase();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export async function get(port: number, path: string): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.json() };
}

export async function ask(
  port: number,
  token: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: await response.json() };
}

/** What a command that refuses to go on leaves behind: one sentence, and nothing else. */
export const refusal = (sentence: string, code = 1): Ended => ({
  code,
  signal: null,
  stdout: '',
  stderr: `nightsafe: ${sentence}\n`,
});
