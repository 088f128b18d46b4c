import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { expectGolden } from './golden-file.js';
import { type CommandResult, nightsafe } from './nightsafe.js';

const catalogue = `subjects:
  SecretKey:
    actions: [read, use, delete]
    fields: { read: [id, name, grants], writeOnly: [value] }
    attributes:
      organizationId: { type: string }
      accessLevel: { type: string, values: [TEAM, RESTRICTED] }
      createdById: { type: string, nullable: true }
      grantees(use): { type: set }
`;
const roles = `roles:
  admin: { kind: PERSON, role: ADMIN }
  member: { kind: PERSON, role: MEMBER }
  service-account: { kind: SERVICE_ACCOUNT }
`;
const rules = `- id: secret-key/use
  effect: allow
  to: [admin, member, service-account]
  actions: [use]
  subject: SecretKey
  when:
    organizationId: principal.organizationId
    grantees(use): { in: principal.granteeIds }
  why: The key was shared with them.
`;
const creatorDeletes = `- id: secret-key/delete-own
  effect: allow
  to: [admin, member]
  actions: [delete]
  subject: SecretKey
  when:
    organizationId: principal.organizationId
    createdById: principal.id
    accessLevel: RESTRICTED
  why: Creators tidy up.
`;
const peopleRead = `- id: secret-key/read
  effect: allow
  to: [admin]
  actions: [read]
  subject: SecretKey
  fields: [id, name, grants]
  when: { organizationId: principal.organizationId }
  why: An admin answers for every key.
`;
const declaration = `why: Creators tidy up after themselves, so that admins need not.
gains:
  - roles: [admin, member]
    subject: SecretKey
    actions: [delete]
    who: { createdById: principal.id }
`;
const base = { 'catalogue.yaml': catalogue, 'roles.yaml': roles, 'rules/all.yaml': rules };
const withoutServices = rules.replace(', service-account]', ']');
const head = {
  'catalogue.yaml': catalogue.replace('delete]', 'delete, rename]'),
  'rules/all.yaml': `${withoutServices}${creatorDeletes}${peopleRead}`,
  'changes/creators-delete.yaml': declaration,
};

type Files = Readonly<Record<string, string>>;

function write(directory: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** A repository with the policies in a subfolder, and the changes of each commit to them. */
class Repository {
  readonly root: string;
  readonly policies: string;

  constructor(parent: string, commits: readonly Files[]) {
    this.root = join(parent, 'repository');
    this.policies = join(this.root, 'products', 'vault', 'policies');
    mkdirSync(this.policies, { recursive: true });
    this.git('init', '--quiet');
    for (const files of commits) {
      write(this.policies, files);
      this.git('add', '--all');
      this.git(
        '-c',
        'user.name=Test',
        '-c',
        'user.email=test@example.test',
        'commit',
        '-qm',
        'Change',
        '--allow-empty',
      );
    }
  }

  git(...args: readonly string[]): void {
    execFileSync('git', ['-C', this.root, ...args]);
  }

  diff(...args: readonly string[]): CommandResult {
    return nightsafe(['policy', 'diff', '--policies', this.policies, ...args]);
  }
}

describe('nightsafe policy diff', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'nightsafe-test-'));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('prints who gains and who loses between two revisions, declared or not', () => {
    const { exitCode, stdout, stderr } = new Repository(parent, [base, head]).diff('HEAD~1..HEAD');
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 1, stderr: '' });
    expectGolden('cli/golden/policy-diff.txt', stdout);
  });

  it('prints the same as JSON', () => {
    const { exitCode, stdout } = new Repository(parent, [base, head]).diff('--json', 'HEAD~1..HEAD');
    expect(exitCode).to.equal(1);
    expectGolden('cli/golden/policy-diff.json', stdout);
  });

  it('tells which invariants are new, gone or say something else', () => {
    const invariant = (id: string, said: string): string => `- { id: ${id}, who: everyone, ${said} }\n`;
    const never = 'never: everything, why: Because.';
    const repository = new Repository(parent, [
      {
        ...base,
        'invariants.yaml': [invariant('gone', never), invariant('changed', never), invariant('kept', never)].join(''),
      },
      {
        'invariants.yaml': [
          invariant('kept', 'why: For another reason., never: everything'),
          invariant('changed', `when: { organizationId: acme }, ${never}`),
          invariant('new', never),
        ].join(''),
      },
    ]);
    const { exitCode, stdout } = repository.diff('HEAD~1..HEAD');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(
      /\n\nDefinitions\n- The invariant changed has changed\.\n- The invariant new is new\.\n- The invariant gone is gone\.\n\n/,
    );
  });

  it('says in which revision the invariants cannot be read', () => {
    const repository = new Repository(parent, [{ ...base, 'invariants.yaml': '7\n' }, { 'invariants.yaml': '[]\n' }]);
    expect(repository.diff('HEAD~1..HEAD')).to.deep.equal({
      exitCode: 1,
      stdout: '',
      stderr:
        'nightsafe: The policies of BASE do not load.\npolicies/invariants.yaml:1: the invariants must be a list\n',
    });
  });

  it('finds nothing wrong when each gain is declared', () => {
    const declared = { 'rules/all.yaml': `${rules}${creatorDeletes}`, 'changes/creators-delete.yaml': declaration };
    const { exitCode, stdout } = new Repository(parent, [base, declared]).diff('HEAD~1..HEAD');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/\n\nundeclared gains: 0, declared gains: 1, losses: 0, declarations without a gain: 0\n$/);
  });

  it('finds a declaration of what nobody gains', () => {
    const idle = { 'changes/creators-delete.yaml': declaration };
    const { exitCode, stdout } = new Repository(parent, [base, idle]).diff('HEAD~1..HEAD');
    expect(exitCode).to.equal(1);
    expectGolden('cli/golden/policy-diff-unused.txt', stdout);
  });

  it('compares the last commit with the working tree when it is told nothing, and another revision when it is told one', () => {
    const repository = new Repository(parent, [base, {}]);
    write(repository.policies, head);
    for (const revision of [[], ['HEAD'], ['HEAD~1']]) {
      const { exitCode, stdout } = repository.diff(...revision);
      const title = `Policies of ${revision[0] ?? 'HEAD'} (sha256:`;
      expect({ exitCode, title: stdout.slice(0, title.length) }).to.deep.equal({ exitCode: 1, title });
      expect(stdout).to.match(
        /^.* and of the working tree \(sha256:[0-9a-f]{16}\)\n\nGains that nothing declares\n- An admin gains/,
      );
    }
  });

  it('compares two folders without any repository', () => {
    write(join(parent, 'old'), base);
    write(join(parent, 'new'), { ...base, 'rules/all.yaml': withoutServices });
    const { exitCode, stdout, stderr } = nightsafe([
      ...['policy', 'diff', '--base', join(parent, 'old'), '--head', join(parent, 'new')],
    ]);
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
    expect(stdout).to.contain('Losses\n- A service account who holds a `use` grant loses `use` on secret keys.\n');
  });

  describe('without a base', () => {
    const clonedWithoutHistory = (): CommandResult[] => {
      const { root } = new Repository(parent, [base, head]);
      const clone = join(parent, 'clone');
      execFileSync('git', ['clone', '--quiet', '--depth', '1', pathToFileURL(root).href, clone]);
      const policies = join(clone, 'products', 'vault', 'policies');
      return [[], ['--allow-missing-base']].map((options) =>
        nightsafe(['policy', 'diff', 'HEAD~1..HEAD', '--policies', policies, ...options]),
      );
    };
    const warned = (why: string): CommandResult => ({
      exitCode: 0,
      stdout: '',
      stderr: `nightsafe: warning: NOTHING WAS COMPARED, and no gain of access was looked for: ${why}.\n`,
    });
    const reason = 'BASE is not in this clone, which may have been made without its history';

    it('says that a clone without history lacks it, and goes on with a warning when that is allowed', () => {
      expect(clonedWithoutHistory()).to.deep.equal([
        { exitCode: 2, stdout: '', stderr: `nightsafe: ${reason}. Try \`nightsafe help\`.\n` },
        warned(reason),
      ]);
    });

    it('says the same of a repository with one commit', () => {
      const repository = new Repository(parent, [base]);
      expect(repository.diff('HEAD~1..HEAD', '--allow-missing-base')).to.deep.equal(warned(reason));
    });

    it('says that a revision had no policies yet', () => {
      const repository = new Repository(parent, [{}, base]);
      expect(repository.diff('HEAD~1..HEAD')).to.deep.equal({
        exitCode: 2,
        stdout: '',
        stderr: 'nightsafe: BASE has no folder products/vault/policies. Try `nightsafe help`.\n',
      });
    });

    it('says that there is no repository', () => {
      write(join(parent, 'policies'), base);
      const missing = 'the policy folder is in no git repository: name two folders with --base and --head';
      const diff = (...options: readonly string[]): CommandResult =>
        nightsafe(['policy', 'diff', '--policies', join(parent, 'policies'), ...options], {
          GIT_CEILING_DIRECTORIES: parent,
        });
      expect([diff(), diff('--allow-missing-base')]).to.deep.equal([
        { exitCode: 2, stdout: '', stderr: `nightsafe: ${missing}. Try \`nightsafe help\`.\n` },
        warned(missing),
      ]);
    });

    it('does not take a missing head for a missing base', () => {
      const repository = new Repository(parent, [base]);
      expect(repository.diff('HEAD..elsewhere', '--allow-missing-base')).to.deep.equal({
        exitCode: 2,
        stdout: '',
        stderr: `nightsafe: ${reason.replace('BASE', 'HEAD')}. Try \`nightsafe help\`.\n`,
      });
    });
  });

  it('says in which revision the policies do not load', () => {
    const repository = new Repository(parent, [{ ...base, 'roles.yaml': 'roles: 7\n' }, { 'roles.yaml': roles }]);
    expect(repository.diff('HEAD~1..HEAD')).to.deep.equal({
      exitCode: 1,
      stdout: '',
      stderr: 'nightsafe: The policies of BASE do not load.\npolicies/roles.yaml:1: roles must be a map\n',
    });
  });

  it('says which line of a declaration does not fit', () => {
    const repository = new Repository(parent, [
      base,
      { 'changes/a.yaml': 'why: Because.\ngains:\n  - subject: Vault\n' },
    ]);
    expect(repository.diff('HEAD~1..HEAD')).to.deep.equal({
      exitCode: 1,
      stdout: '',
      stderr: 'nightsafe: policies/changes/a.yaml:3: unknown subject "Vault"; known: SecretKey\n',
    });
  });

  it('says that two revisions cannot be compared', () => {
    const other = catalogue.replace('createdById: { type: string, nullable: true }', 'createdById: { type: number }');
    const { exitCode, stdout, stderr } = new Repository(parent, [base, { 'catalogue.yaml': other }]).diff('HEAD~1');
    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 1, stdout: '' });
    expect(stderr).to.match(
      /^nightsafe: The attribute SecretKey.createdById is a string in one revision and a number in the other/,
    );
  });

  for (const args of [
    ['HEAD', 'HEAD~1'],
    ['HEAD~1..'],
    ['..HEAD'],
    ['main...HEAD'],
    ['a..b..c'],
    ['--base', '.'],
    ['--base', '.', '--head', '.', 'HEAD'],
    ['--stat'],
  ]) {
    it(`refuses ${args.join(' ')} as wrong usage`, () => {
      const { exitCode, stdout, stderr } = nightsafe(['policy', 'diff', ...args]);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: '' });
      expect(stderr).to.match(
        /^nightsafe: (revisions are|two folders are|this command takes) [^\n]*`nightsafe help`\.\n$/,
      );
    });
  }
});
