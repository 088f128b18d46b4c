import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/paths.js';
import { Installation } from '../start/installation.js';

describe('nightsafe policy', () => {
  let installation: Installation;
  let policies: string;
  beforeEach(async () => {
    installation = await Installation.make();
    policies = installation.makeFolder('policies');
    cpSync(join(packageRoot, 'policies'), policies, { recursive: true });
  });
  afterEach(() => installation.remove());

  it('lint tells how many rules there are, and their version', async () => {
    const { stdout, ...ended } = await installation.run(['policy', 'lint', '--policies', policies]);
    expect(ended).to.deep.equal({ code: 0, signal: null, stderr: '' });
    expect(stdout).to.match(/^\d+ rules, sha256:[0-9a-f]{16}: no findings\n$/);
    expect(await installation.run(['policy', 'lint'], { NIGHTSAFE_POLICIES: policies })).to.include({ stdout });
  });

  it('lint names file and line of a finding', async () => {
    writeFileSync(join(policies, 'roles.yaml'), 'canary: [\n');
    const { code, stdout, stderr } = await installation.run(['policy', 'lint', '--policies', policies]);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(/^nightsafe: policies\/roles\.yaml:\d+: not valid YAML/);
  });

  it('test counts the cells of the matrices, all of which hold', async () => {
    const { stdout, ...ended } = await installation.run(['policy', 'test', '--policies', policies]);
    expect(ended).to.deep.equal({ code: 0, signal: null, stderr: '' });
    expect(stdout).to.match(/^[1-9]\d* cells, 0 failures\n$/);
  });

  it('test fails, with file and line, when a rule says something else than the matrices', async () => {
    const file = join(policies, 'rules/secret-key.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('to: [admin, member, service-account]', 'to: [admin]'));
    const { code, stdout, stderr } = await installation.run(['policy', 'test', '--policies', policies]);
    expect({ code, stderr }).to.deep.equal({ code: 1, stderr: '' });
    expect(stdout).to.match(/^policies\/tests\/secret-key\.test\.yaml:\d+: .+\n(.*\n)*\d+ cells, [1-9]\d* failures\n$/);
  });

  it('matrix prints the table that is kept with the policies, and rewrites it', async () => {
    const snapshot = join(policies, 'matrix.snapshot.txt');
    const kept = readFileSync(snapshot, 'utf8');
    expect(await installation.run(['policy', 'matrix', '--policies', policies])).to.deep.equal({
      code: 0,
      signal: null,
      stdout: kept,
      stderr: '',
    });
    appendFileSync(snapshot, 'stale\n');
    expect(await installation.run(['policy', 'matrix', '--write', '--policies', policies])).to.include({
      code: 0,
      stdout: '',
    });
    expect(readFileSync(snapshot, 'utf8')).to.equal(kept);
  });
});
