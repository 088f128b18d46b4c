/** The child process: executes one run at a time for its parent, which speaks to it through its standard input and output. */
import { readFileSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { FrameReader, frame } from '../frames.js';
import { defaultSandboxLimits } from '../limits.js';
import type { ParentMessage } from '../messages.js';
import { EngineImage } from './quickjs.js';
import { doorNames, Session } from './session.js';

const standardOutput = 1;
/** To wait a millisecond on, for a pipe that is full. */
const nothing = new Int32Array(new SharedArrayBuffer(4));
/** Bytes of the longest frame that is read: only a mistake of the parent could send a longer one. */
const longestFrame = 64 * 1024 * 1024;

// With output of its own: a thread that shares it would make the descriptor that frames are written to one that does not block.
new Worker(new URL('./watch-parent.js', import.meta.url), { stdout: true, stderr: true }).unref();

const preludeFolder = new URL('../prelude/', import.meta.url);
const prelude = (path: string): string => readFileSync(new URL(path, preludeFolder), 'utf8');
const image = await EngineImage.create(prelude, 'main.js', doorNames);
let session: Session | null = null;

// The first run would otherwise wait for the compiler.
await new Session(defaultSandboxLimits, () => {}).start(image, '', '{}');

/** Returns when the whole frame is written, however slowly the parent reads. */
function send(json: string): void {
  const bytes = frame(json);
  for (let sent = 0; sent < bytes.length; ) sent += writtenNow(bytes, sent);
}

function writtenNow(bytes: Buffer, from: number): number {
  try {
    return writeSync(standardOutput, bytes, from);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    Atomics.wait(nothing, 0, 0, 1);
    return 0;
  }
}

async function receive(message: ParentMessage): Promise<void> {
  if (message.type !== 'start') return session?.answer(message);
  session = new Session(message.limits, send);
  await session.start(image, message.code, JSON.stringify(message.variables));
}

const reader = new FrameReader(longestFrame);
process.stdin.on('data', (chunk: Buffer) => {
  // An error that gets here is one of the child or a trap of the engine: the process must not execute another run.
  for (const text of reader.push(chunk)) receive(JSON.parse(text) as ParentMessage).catch(() => process.exit(1));
});
process.stdin.on('end', () => process.exit(0));

send('{"type":"ready"}');
