import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkPolicies } from '../../src/authz/check-policies.js';
import { loadPolicies, PolicyError, PolicyHolder, watchPolicies } from '../../src/authz/index.js';
import { createLogger } from '../../src/log.js';
import { member } from './policy-folder.js';

type Check = typeof checkPolicies;

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [name: string]: unknown;
}

describe('the policies of a process', () => {
  let parent: string;
  let folder: string;
  let lines: Line[];
  const log = createLogger({
    level: 'info',
    pretty: false,
    destination: { write: (line) => void lines.push(JSON.parse(line) as Line) },
  });
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'nightsafe-holder-'));
    folder = join(parent, 'policies');
    cpSync('policies', folder, { recursive: true });
    lines = [];
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const change = (path: string, from: string, to: string): void => {
    const before = readFileSync(join(folder, path), 'utf8');
    expect(before).to.contain(from);
    writeFileSync(join(folder, path), before.replace(from, to));
  };
  /** Renames what the rule is called, which no test of the folder but its matrix notices. */
  const rename = (): void => change('rules/group.yaml', '- id: group/', '- id: group/renamed-');
  const findsNothing: Check = async (checked) => ({ policyVersion: loadPolicies(checked).version, reasons: [] });
  const logged = () => lines.map(({ level, msg, reasons }) => ({ level, msg, ...(reasons ? { reasons } : {}) }));

  it('are swapped as a whole by a folder in which the check finds nothing; who holds the former ones keeps them', async () => {
    const holder = new PolicyHolder(folder, log, findsNothing);
    const former = holder.current;
    const authorizer = former.authorize(member);
    rename();
    const { version } = loadPolicies(folder);
    expect(await holder.reload()).to.deep.equal({ outcome: 'swapped', policyVersion: version });
    expect([holder.current.version, holder.wasRefused]).to.deep.equal([version, false]);
    expect(holder.current.authorize(member)).not.to.equal(authorizer);
    expect(holder.current.authorize(member).policyVersion).to.equal(version);
    expect(former.authorize(member)).to.equal(authorizer);
    expect(
      lines.map(({ level, policyVersion, formerPolicyVersion }) => ({ level, policyVersion, formerPolicyVersion })),
    ).to.deep.equal([{ level: 'info', policyVersion: version, formerPolicyVersion: former.version }]);
  });

  it('stay when the folder says the same, and nothing is checked', async () => {
    const holder = new PolicyHolder(folder, log, () => expect.fail('it was checked'));
    const { current } = holder;
    writeFileSync(join(folder, 'rules', 'comment.yaml'), '# Nothing.\n[]\n');
    expect(await holder.reload()).to.deep.equal({ outcome: 'unchanged', policyVersion: current.version });
    expect(holder.current).to.equal(current);
  });

  const refusals: [string, () => void, Check, string[]][] = [
    [
      'does not load',
      () => writeFileSync(join(folder, 'roles.yaml'), 'roles: 7\n'),
      () => expect.fail('it was checked'),
      ['policies/roles.yaml:1: roles must be a map'],
    ],
    [
      'does not hold in the check',
      () => rename(),
      async () => ({ policyVersion: null, reasons: ['policies/rules/group.yaml:3: it is wrong'] }),
      ['policies/rules/group.yaml:3: it is wrong'],
    ],
    [
      'is not what was checked',
      () => rename(),
      async () => ({ policyVersion: 'sha256:another', reasons: [] }),
      ['the files changed while they were checked; reload once more'],
    ],
    [
      'cannot be checked',
      () => rename(),
      async () => {
        throw new Error('no process');
      },
      ['the policies cannot be checked: Error: no process'],
    ],
  ];
  for (const [what, spoil, check, reasons] of refusals) {
    it(`stay, loudly, when the folder ${what}; once it is mended nothing is refused any more`, async () => {
      const holder = new PolicyHolder(folder, log, check);
      const { current } = holder;
      spoil();
      expect(await holder.reload()).to.deep.equal({ outcome: 'refused', policyVersion: current.version, reasons });
      expect(holder.current).to.equal(current);
      expect(holder.wasRefused).to.equal(true);
      expect(logged()).to.deep.equal([{ level: 'error', msg: 'changed policies are refused', reasons }]);

      cpSync('policies', folder, { recursive: true });
      expect(await holder.reload()).to.deep.equal({ outcome: 'unchanged', policyVersion: current.version });
      expect([holder.current, holder.wasRefused]).to.deep.equal([current, false]);
    });
  }

  it('are checked once for all who ask while another check is under way', async () => {
    let checks = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const holder = new PolicyHolder(folder, log, async (checked, end) => {
      checks += 1;
      await held;
      return { ...(await findsNothing(checked, end)), reasons: ['no'] };
    });
    rename();
    const first = holder.reload();
    await Promise.resolve();
    await Promise.resolve();
    const [second, third] = [holder.reload(), holder.reload()];
    expect(second).to.equal(third).and.not.to.equal(first);
    release();
    expect((await Promise.all([first, second, third])).map(({ outcome }) => outcome)).to.deep.equal([
      'refused',
      'refused',
      'refused',
    ]);
    expect(checks).to.equal(2);
  });

  it('stay when the process finds something in a folder that is right in itself, and are refused when it does at the start', async () => {
    const finding = { file: 'policies/catalogue.yaml', line: 3, code: 'invalid-sql', message: 'not here' } as const;
    const holder = new PolicyHolder(folder, log, findsNothing);
    const { version } = holder.current;
    await holder.require(async (policies) => (policies.version === version ? [] : [finding]));
    rename();
    const reasons = ['policies/catalogue.yaml:3: not here'];
    expect(await holder.reload()).to.deep.equal({ outcome: 'refused', policyVersion: version, reasons });
    expect([holder.current.version, holder.wasRefused]).to.deep.equal([version, true]);
    expect(logged()).to.deep.equal([{ level: 'error', msg: 'changed policies are refused', reasons }]);
    const refusal = await holder
      .require(async () => [finding])
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(refusal).to.be.instanceOf(PolicyError);
  });

  it('stay when the process ends during a check, without a word', async () => {
    const holder = new PolicyHolder(folder, log);
    const { version } = holder.current;
    rename();
    const reload = holder.reload();
    holder.close();
    expect(await reload).to.deep.equal({ outcome: 'unchanged', policyVersion: version });
    expect(lines).to.deep.equal([]);
  });

  it('are not there at all when the folder does not load at the start', () => {
    writeFileSync(join(folder, 'roles.yaml'), 'roles: 7\n');
    expect(() => new PolicyHolder(folder, log)).to.throw(PolicyError);
  });

  describe('are checked in processes of their own, which', () => {
    const end = new AbortController().signal;

    it('find nothing in the policies of the product', async () => {
      expect(await checkPolicies(folder, end)).to.deep.equal({
        policyVersion: loadPolicies(folder).version,
        reasons: [],
      });
    });

    it('find what `policy lint` finds', async () => {
      change('catalogue.yaml', '        - createSecretKey\n', '');
      const { reasons } = await checkPolicies(folder, end);
      expect(reasons.join('\n')).to.contain('unknown field of Operation "createSecretKey"');
    });

    it('find what `policy test` finds', async () => {
      change(
        'rules/secret-key.yaml',
        'to: [admin, member, service-account]\n  actions: [create]',
        'to: [admin]\n  actions: [create]',
      );
      const { policyVersion, reasons } = await checkPolicies(folder, end);
      expect(policyVersion).to.equal(loadPolicies(folder).version);
      expect(reasons.join('\n')).to.contain('secret-key/create');
    });

    it('get nothing of the environment but the path', async () => {
      const { NODE_OPTIONS: former } = process.env;
      process.env.NODE_OPTIONS = '--require=/no/such/module.cjs';
      try {
        expect((await checkPolicies(folder, end)).reasons).to.deep.equal([]);
      } finally {
        if (former === undefined) delete process.env.NODE_OPTIONS;
        else process.env.NODE_OPTIONS = former;
      }
    });
  });
});

describe('the watch over a policy folder', () => {
  let folder: string;
  let end = (): void => undefined;
  let changes: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nightsafe-watch-'));
    for (const name of ['rules', 'tests/testdata']) mkdirSync(join(folder, name), { recursive: true });
    changes = 0;
    end = watchPolicies(folder, () => {
      changes += 1;
    });
  });
  afterEach(() => {
    end();
    rmSync(folder, { recursive: true });
  });

  const noticed = async (times: number): Promise<void> => {
    while (changes < times) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  for (const path of [
    'catalogue.yaml',
    'rules/group.yaml',
    'tests/group.test.yaml',
    'tests/testdata/principals.yaml',
  ]) {
    it(`notices that ${path} is made, replaced and taken away`, async () => {
      const file = join(folder, path);
      writeFileSync(file, 'a');
      await noticed(1);
      writeFileSync(`${folder}.new`, 'b');
      renameSync(`${folder}.new`, file);
      await noticed(2);
      rmSync(file);
      await noticed(3);
    });
  }

  it('notices that the folder is gone, that it is back, however much later, and what happens in it then', async () => {
    renameSync(folder, `${folder}.away`);
    await noticed(1);
    // Several times as long as the watch waits for things to be calm.
    await new Promise((resolve) => setTimeout(resolve, 700));
    const gone = changes;
    renameSync(`${folder}.away`, folder);
    await noticed(gone + 1);
    const back = changes;
    writeFileSync(join(folder, 'rules', 'group.yaml'), 'a');
    await noticed(back + 1);
  });

  it('notices what is in a folder that took the place of another', async () => {
    rmSync(join(folder, 'rules'), { recursive: true });
    await noticed(1);
    mkdirSync(join(folder, 'rules'));
    await noticed(2);
    writeFileSync(join(folder, 'rules', 'group.yaml'), 'a');
    await noticed(3);
  });
});
