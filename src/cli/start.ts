/**
 * The whole of Nightsafe on one machine: makes missing keys, then runs the api and the runner as two processes, each with an
 * environment that names only its own keys. When one of them ends, so does the other.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../config.js';
import { isAtTerminal, type ReadyMessage } from './serve.js';
import { readOptions } from './usage.js';

const main = fileURLToPath(new URL('../main.js', import.meta.url));

/** How long the processes have to finish their requests before they are ended, in seconds. */
const longestStop = 15;

type Role = 'api' | 'runner';

export async function start(args: string[]): Promise<number> {
  readOptions(args, {});
  const config = readConfig(process.env);
  const [keys] = await once(run(['keys', 'init'], [], 'ignore'), 'exit');
  return keys === 0 ? supervise(config) : (keys ?? 1);
}

async function supervise(config: Config): Promise<number> {
  const running = new Map<Role, ChildProcess>();
  let exitCode = 0;
  let isStopping = false;

  const fail = (sentence: string) => {
    exitCode = 1;
    process.stderr.write(`nightsafe: ${sentence}\n`);
  };
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    // Each process takes a closed channel as the word to stop.
    for (const child of running.values()) if (child.connected) child.disconnect();
    setTimeout(() => {
      for (const [role, child] of running) {
        fail(`the ${role} did not stop within ${longestStop} seconds and was ended.`);
        child.kill('SIGKILL');
      }
    }, longestStop * 1000).unref();
  };
  // A terminal sends Ctrl-C to the processes too; they take it as the same word.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const reload = () => {
    for (const child of running.values()) child.kill('SIGHUP');
  };
  process.on('SIGHUP', isAtTerminal() ? stop : reload);

  const launch = (role: Role) => {
    const child = run([role], notFor[role], 'ipc');
    running.set(role, child);
    const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
      running.delete(role);
      // A process that fails says why itself.
      if (code) exitCode = 1;
      else if (!isStopping) fail(`the ${role} was ended${signal ? ` by ${signal}` : ''}, so everything stops.`);
      stop();
    });
    const ready = once(child, 'message').then(([message]) => message as ReadyMessage);
    return { ended, ready: Promise.race([ready, ended]) };
  };

  // The api migrates the database, so the runner comes second.
  const api = launch('api');
  const apiReady = await api.ready;
  const runner = apiReady && !isStopping ? launch('runner') : null;
  const runnerReady = await runner?.ready;
  if (apiReady && runnerReady && !isStopping) greet(config, apiReady);
  await Promise.all([api.ended, runner?.ended]);
  return exitCode;
}

function greet(config: Config, api: ReadyMessage): void {
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${api.port}/graphql`;
  const lines = [`Nightsafe is open at ${url}${config.playground ? ' (the playground, in a browser)' : ''}`];
  if (api.isDemo) lines.push('Get a token of the demo organization with: npx nightsafe token --as bob');
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

/** What each process must not even know the place of. */
const notFor: Readonly<Record<Role, readonly string[]>> = {
  api: ['NIGHTSAFE_ROOT_KEY_FILE'],
  runner: ['NIGHTSAFE_WRITER_KEY_FILE'],
};

/**
 * Runs a command as a process that writes no core dump, as its memory would be in it, and takes no options of Node.js from the
 * environment, as one of them opens the inspector.
 */
function run(words: readonly string[], without: readonly string[], channel: 'ipc' | 'ignore'): ChildProcess {
  const env = { ...process.env };
  for (const variable of ['NODE_OPTIONS', ...without]) delete env[variable];
  const command = [process.execPath, '--enable-source-maps', ...withoutDebugSignal, main, ...words];
  const [file = '', ...args] =
    process.platform === 'win32' ? command : ['/bin/sh', '-c', 'ulimit -c 0; exec "$0" "$@"', ...command];
  return spawn(file, args, { env, stdio: ['ignore', 'inherit', 'inherit', channel] });
}

/** Where Node.js is too old to know the option, only the listener in main.ts keeps the inspector shut. */
const withoutDebugSignal = process.allowedNodeEnvironmentFlags.has('--disable-sigusr1') ? ['--disable-sigusr1'] : [];
