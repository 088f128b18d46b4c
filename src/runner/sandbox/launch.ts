/** How a child is started: with nothing of its parent's, and inside of bubblewrap where that works. */
import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../paths.js';
import type { SandboxLimits } from './limits.js';

export type Bubblewrap = 'auto' | 'off' | 'require';

const ownFolder = fileURLToPath(new URL('.', import.meta.url));
const entry = join(ownFolder, 'child', 'main.js');
/** All that a child reads: its own code, the engine, and the file that says that both are ES modules. */
const readable = [
  ownFolder.replace(/[\\/]$/, ''),
  dirname(fileURLToPath(import.meta.resolve('quickjs-wasi/package.json'))),
  join(packageRoot, 'package.json'),
];

const mebibyte = 1024 * 1024;

/** Starts a child. Its standard input, its standard output and the watched descriptor 3 are pipes; what it says on stderr is lost. */
export function launch(limits: SandboxLimits, isWrapped: boolean): ChildProcess {
  const node = [...nodeFlags(limits), entry];
  const [command, args] = isWrapped
    ? ['bwrap', [...bubblewrapFlags(), '--', process.execPath, ...node]]
    : [process.execPath, node];
  const env = isWrapped ? { PATH: process.env.PATH } : {};
  return spawn(command, args, { cwd: '/', env, stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
}

/**
 * Where the code of a run got out of the engine, it would be in a process that reads nothing but its own code, starts nothing,
 * loads no native code, and makes no code from text. The stack is as large as `stackBytes` of the engine needs it, in KiB; the
 * heap of Node.js itself holds messages, several times the largest.
 */
function nodeFlags({ resultBytes }: SandboxLimits): string[] {
  const isExperimental = process.versions.node.startsWith('20.');
  const heapMebibytes = 96 + Math.ceil((8 * resultBytes) / mebibyte);
  return [
    isExperimental ? '--experimental-permission' : '--permission',
    ...readable.map((path) => `--allow-fs-read=${path === readable[2] ? path : join(path, '*')}`),
    '--allow-worker',
    '--no-addons',
    '--disable-proto=delete',
    '--disallow-code-generation-from-strings',
    '--frozen-intrinsics',
    '--stack-size=5500',
    `--max-old-space-size=${heapMebibytes}`,
  ];
}

/** Namespaces of its own for everything, and a root of only Node.js, the libraries it has loaded, and what is readable. */
function bubblewrapFlags(): string[] {
  const files = [process.execPath, ...sharedLibraries(), ...readable];
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
    ...files.flatMap((path) => ['--ro-bind', realpathSync(path), path]),
    ...['--remount-ro', '/', '--chdir', '/'],
  ];
}

let libraries: readonly string[] | null = null;

function sharedLibraries(): readonly string[] {
  libraries ??= readSharedLibraries();
  return libraries;
}

function readSharedLibraries(): string[] {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  // Without this the report would ask for the names of all connected addresses.
  report.excludeNetwork = true;
  const { sharedObjects } = report.getReport() as unknown as { sharedObjects: string[] };
  report.excludeNetwork = before ?? false;
  return sharedObjects.filter((path) => path.startsWith('/') && /\.so(\.[\d.]+)?$/.test(path));
}
