/**
 * The whole of Nightsafe on one machine: makes missing keys, then runs the api and the runner as two processes, each with an
 * environment that names only its own keys. When one of them ends, so does the other.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../config.js';
import type { ReadyMessage } from './serve.js';
import { readOptions } from './usage.js';

const main = fileURLToPath(new URL('../main.js', import.meta.url));

/** How long the processes have to finish their requests before they are ended, in milliseconds. */
const longestStop = 15_000;

export async function start(args: string[]): Promise<number> {
  readOptions(args, {});
  const config = readConfig(process.env);
  const keys = await new Promise<number>((resolve) => {
    run(['keys', 'init'], process.env, 'ignore').once('exit', (code) => resolve(code ?? 1));
  });
  if (keys !== 0) return keys;

  const processes: ChildProcess[] = [];
  let exitCode = 0;
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    // An open channel is closed, which each takes as the word to stop; whoever has not by then is ended.
    for (const child of processes) if (child.connected) child.disconnect();
    setTimeout(() => processes.forEach((child) => void child.kill('SIGKILL')), longestStop).unref();
  };
  // A terminal sends Ctrl-C to the children too; they take it as the same word.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const launch = (name: 'api' | 'runner') => {
    const child = run([name], environmentOf(name), 'ipc');
    processes.push(child);
    const ended = new Promise<void>((resolve) =>
      child.once('exit', (code, signal) => {
        if (!isStopping) exitCode = 1;
        if (!isStopping && signal !== null) process.stderr.write(`nightsafe: the ${name} was ended by ${signal}.\n`);
        if (code !== 0 && code !== null) exitCode = code;
        stop();
        resolve();
      }),
    );
    const ready = new Promise<ReadyMessage | null>((resolve) => {
      child.once('message', (message) => resolve(message as ReadyMessage));
      void ended.then(() => resolve(null));
    });
    return { ended, ready };
  };
  // The api migrates the database, so the runner comes second.
  const api = launch('api');
  const apiReady = await api.ready;
  if (apiReady === null) return exitCode;
  const runner = launch('runner');
  const runnerReady = await runner.ready;
  if (runnerReady !== null && !isStopping) greet(config, apiReady);
  await Promise.all([api.ended, runner.ended]);
  return exitCode;
}

function greet(config: Config, api: ReadyMessage): void {
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${api.port}/graphql`;
  const lines = [`Nightsafe is open at ${url}${config.playground ? ' (the playground, in a browser)' : ''}`];
  if (api.isDemo) lines.push('Get a token of the demo organization with: npx nightsafe token --as bob');
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

/** What each process must not even know the place of. */
const notFor = { api: ['NIGHTSAFE_ROOT_KEY_FILE'], runner: ['NIGHTSAFE_WRITER_KEY_FILE'] } as const;

function environmentOf(name: 'api' | 'runner'): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const variable of ['NODE_OPTIONS', ...notFor[name]]) delete environment[variable];
  return environment;
}

function run(words: readonly string[], env: NodeJS.ProcessEnv, channel: 'ipc' | 'ignore'): ChildProcess {
  return spawn(process.execPath, ['--enable-source-maps', main, ...words], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', channel],
  });
}
