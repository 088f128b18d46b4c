import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { packageRoot } from '../../src/paths.js';

/** Runs a command of which nobody reads what it prints. */
async function unread(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(packageRoot, 'bin/nightsafe.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  });
  child.stdout.destroy();
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { exitCode, stderr };
}

describe('a command whose output is read no further, as by `head`', () => {
  it('ends quietly, with the exit code that it would have had', async () => {
    expect(await unread('policy', 'matrix')).to.deep.equal({ exitCode: 0, stderr: '' });
    const denied = ['--as', 'max-member', '--can', 'delete', '--key', 'restricted-key'];
    expect(await unread('policy', 'explain', ...denied)).to.deep.equal({ exitCode: 1, stderr: '' });
  });
});
