import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeVariables } from '../../src/config.js';
import { packageRoot } from '../../src/paths.js';
import { type Ended, Installation, refusal } from '../start/installation.js';

describe('the command line', () => {
  let installation: Installation;
  before(async () => {
    installation = await Installation.make();
  });
  after(() => installation.remove());

  const names = [
    ...['start', 'api', 'runner', 'keys init', 'organization', 'token', 'audit verify', 'audit checkpoint'],
    ...['access verify', 'purge', 'policy lint', 'policy test', 'policy matrix', 'configuration', 'schema'],
  ];

  for (const word of ['help', '--help', '-h']) {
    it(`lists every command for ${word}`, async () => {
      const { stdout, ...ended } = await installation.run([word]);
      expect(ended).to.deep.equal({ code: 0, signal: null, stderr: '' });
      const listed = stdout.split('\n').filter((line) => line.startsWith('  '));
      expect(listed.map((line) => line.trim().split(/ {2,}/)[0])).to.include.members(names);
    });
  }

  it('lists them also without a command, which is wrong usage', async () => {
    const { stdout } = await installation.run(['help']);
    expect(await installation.run([])).to.deep.equal({ code: 2, signal: null, stdout, stderr: '' });
  });

  it('is found as `npx nightsafe` in the folder of the package', () => {
    const { status, stdout } = spawnSync('npx', ['--no-install', 'nightsafe', 'help'], {
      cwd: packageRoot,
      encoding: 'utf8',
    });
    expect({ status, first: stdout.split('\n')[0] }).to.deep.equal({ status: 0, first: 'Usage: nightsafe <command>' });
  });

  for (const words of [['canary'], ['policy'], ['policy', 'canary'], ['constructor'], ['--canary']]) {
    it(`refuses \`${words.join(' ')}\`, which is no command`, async () => {
      expect(await installation.run(words)).to.deep.equal(
        refusal('there is no such command. Try `nightsafe help`.', 2),
      );
    });
  }

  it('refuses options that a command does not have, repeating nothing of them', async () => {
    const none = 'this command takes no options. Try `nightsafe help`.';
    expect(await installation.run(['start', '--canary'])).to.deep.equal(refusal(none, 2));
    expect(await installation.run(['purge', 'canary'])).to.deep.equal(refusal(none, 2));
    const some = 'this command takes only --as, --json, and a text where one is needed. Try `nightsafe help`.';
    for (const wrong of [['--canary'], ['--as'], ['--as', 'bob', 'canary'], ['--json=canary']]) {
      expect(await installation.run(['token', ...wrong])).to.deep.equal(refusal(some, 2));
    }
  });

  describe('prints what is also kept in a file:', () => {
    const printed = (stdout: string): Ended => ({ code: 0, signal: null, stdout, stderr: '' });
    const kept = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

    it('schema.graphql', async () => {
      expect(await installation.run(['schema'])).to.deep.equal(printed(kept('schema.graphql')));
    });

    it('docs/configuration.md, with every variable', async () => {
      const page = kept('docs/configuration.md');
      expect(await installation.run(['configuration'])).to.deep.equal(printed(page));
      const rows = page.split('\n').filter((line) => line.startsWith('| `'));
      expect(rows.map((row) => row.split('`')[1])).to.deep.equal(describeVariables().map(({ name }) => name));
    });
  });
});
