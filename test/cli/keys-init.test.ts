import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Installation } from '../start/installation.js';

const nothing = { code: 0, signal: null, stdout: '', stderr: '' };

describe('nightsafe keys init', () => {
  let installation: Installation;
  beforeEach(async () => {
    installation = await Installation.make();
  });
  afterEach(() => installation.remove());

  const keys = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(installation.home, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')]),
    );

  it('makes every key, prints none, and changes none when it runs again', async () => {
    expect(await installation.run(['keys', 'init'])).to.deep.equal(nothing);
    const made = keys();
    expect(Object.keys(made).sort()).to.deep.equal([
      'demo-public-keys.json',
      'demo-signing-key.json',
      'root.key',
      'root.pub',
      'writer.key',
      'writer.pub',
    ]);
    expect(await installation.run(['keys', 'init'])).to.deep.equal(nothing);
    expect(keys()).to.deep.equal(made);
  });

  it('makes them where the settings say, and no demo keys where the demo is off', async () => {
    const folder = join(installation.home, 'deep/er');
    const settings = { NIGHTSAFE_DEMO: '0', NIGHTSAFE_ROOT_KEY_FILE: join(folder, 'root-private') };
    expect(await installation.run(['keys', 'init'], settings)).to.deep.equal(nothing);
    expect(Object.keys(keys()).sort()).to.deep.equal(['root-private', 'root.pub', 'writer.key', 'writer.pub']);
    expect(readdirSync(folder)).to.deep.equal(['root-private']);
  });
});
