import { expect } from 'chai';
import { lintCase } from '../authz/lint-cases.js';
import { withPolicyFolder } from '../authz/policy-folder.js';
import { newTeam, type TestApi } from '../support/api.js';
import { createKey } from '../support/secret-keys.js';
import { expectGolden } from './golden-file.js';
import { nightsafe } from './nightsafe.js';

/** A key that a group may use, besides the one that is ada's. */
const files = {
  ...lintCase('base'),
  'tests/testdata/resources.yaml': `${lintCase('base')['tests/testdata/resources.yaml']}
key-of-ops:
  type: SecretKey
  organizationId: acme
  grantees(use): [ada, ops]
  grantees(manage): [ada]
`,
};

const explain = (...args: readonly string[]) =>
  withPolicyFolder(files, (folder) => nightsafe(['policy', 'explain', '--policies', folder, ...args]));

describe('nightsafe policy explain', () => {
  const questions: [string, number, string[]][] = [
    ['allowed', 0, ['--as', 'max', '--can', 'use', '--key', 'key-of-ops']],
    ['allowed-by-manage', 0, ['--as', 'ada', '--can', 'use', '--key', 'key-of-ops']],
    ['denied', 1, ['--as', 'max', '--can', 'use', '--key', 'key-of-ada']],
    ['denied-by-rule', 1, ['--as', 'uma', '--can', 'use', '--key', 'key-of-ada']],
    ['denied-field', 1, ['--as', 'max', '--can', 'read', '--field', 'grants', '--key', 'key-of-ops']],
    ['denied-elsewhere', 1, ['--as', 'eve', '--can', 'use', '--key', 'key-of-ada']],
  ];
  for (const [name, expected, args] of questions) {
    it(`answers a question that is ${name.replaceAll('-', ' ')} with the rule and what it found`, () => {
      const { exitCode, stdout } = explain(...args);
      expect(exitCode).to.equal(expected);
      expectGolden(`cli/golden/policy-explain-${name}.txt`, stdout);
    });
  }

  it('answers in JSON, too', () => {
    const { exitCode, stdout } = explain('--as', 'max', '--can', 'use', '--key', 'key-of-ops', '--json');
    expect(exitCode).to.equal(0);
    expectGolden('cli/golden/policy-explain.json.txt', stdout);
  });

  const refused: [string, string[], string][] = [
    ['nothing', [], 'give --as, --can and --key'],
    [
      'somebody unknown',
      ['--as', 'nobody', '--can', 'use', '--key', 'key-of-ada'],
      '--as must be one of ada, max, uma, eve, ugo',
    ],
    ['an unknown key', ['--as', 'max', '--can', 'use', '--key', 'none'], '--key must be one of key-of-ada, key-of-ops'],
    [
      'an unknown action',
      ['--as', 'max', '--can', 'manage', '--key', 'key-of-ada'],
      '--can must be one of read, use, setAccess, grantManage',
    ],
    [
      'a value',
      ['--as', 'max', '--can', 'read', '--field', 'value', '--key', 'key-of-ada'],
      '--field must be one of id, name, grants',
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses a question about ${what}, and lists what there is`, () => {
      expect(explain(...args)).to.deep.equal({
        exitCode: 2,
        stdout: '',
        stderr: `nightsafe: ${message}. Try \`nightsafe help\`.\n`,
      });
    });
  }
});

/** The environment in which a command finds the api's database. */
function environmentOf({ config }: TestApi): Record<string, string> {
  const { database, home, writerPublicKeyFile } = config;
  const files = { NIGHTSAFE_HOME: home, NIGHTSAFE_WRITER_PUBLIC_KEY_FILE: writerPublicKeyFile };
  if (database.kind === 'sqlite') return { DATABASE_URL: `sqlite:${database.path}`, ...files };
  const url = new URL(`mysql://${database.host}:${database.port}/${database.database}`);
  url.username = database.user;
  url.password = database.password.reveal();
  return { DATABASE_URL: url.href, ...files };
}

describe('nightsafe policy explain on the database', () => {
  it('names the grant and the membership through which somebody may use a key', async () => {
    const team = await newTeam();
    const key = await createKey(team.alice, {
      name: 'Stripe',
      grants: [{ granteeId: team.growth, permission: 'USE' }],
    });
    const args = ['policy', 'explain', '--organization', team.slug, '--can', 'use', '--key', key];
    const bob = nightsafe([...args, '--as', 'Bob'], environmentOf(team.api));
    expect(bob).to.include({ exitCode: 0, stderr: '' });
    expect(bob.stdout)
      .to.contain('allowed  Bob (member) may use Stripe\n')
      .and.contain('Bob → Growth → Use on Stripe\n');
    const carol = nightsafe([...args, '--as', team.carol.id], environmentOf(team.api));
    expect(carol).to.include({ exitCode: 1, stderr: '' });
    expect(carol.stdout)
      .to.contain('denied  Carol (member) may not use Stripe\n')
      .and.contain('grantees(use) would have to include Carol, Platform or Team. It is Alice, Growth.\n');
  });

  it('names the permission that a grant gives, which may be more than the rule asks for, and every grant', async () => {
    const team = await newTeam();
    const key = await createKey(team.alice, {
      name: 'Stripe',
      level: 'TEAM',
      grants: [
        { granteeId: team.bob.id, permission: 'MANAGE' },
        { granteeId: team.growth, permission: 'USE' },
      ],
    });
    const ask = (...args: readonly string[]) =>
      nightsafe(['policy', 'explain', '--organization', team.slug, '--key', key, ...args], environmentOf(team.api));
    const ways = (stdout: string) => /Through\n((?: .*\n)+)/.exec(stdout)?.[1]?.trim().split(/\n */);
    expect(ways(ask('--as', 'Bob', '--can', 'use').stdout)?.toSorted()).to.deep.equal([
      'Bob → Growth → Use on Stripe',
      'Bob → Manage on Stripe',
      'Bob → Team access → Use on Stripe',
    ]);
    expect(ways(ask('--as', 'Bob', '--can', 'rename').stdout)).to.deep.equal(['Bob → Manage on Stripe']);
    const { paths } = JSON.parse(ask('--as', 'Bob', '--can', 'use', '--json').stdout) as { readonly paths: object[] };
    expect(paths).to.have.deep.members([
      { kind: 'DIRECT', permission: 'MANAGE', through: { id: team.bob.id, name: 'Bob' } },
      { kind: 'GROUP', permission: 'USE', through: { id: team.growth, name: 'Growth' } },
      { kind: 'TEAM', permission: 'USE', through: null },
    ]);
    const carol = ask('--as', team.carol.id, '--can', 'rename').stdout;
    expect(carol).to.contain('grantees(manage) would have to include Carol or Platform. It is ');
  });

  it('refuses an organization, a person and a key that are not there', async () => {
    const team = await newTeam();
    const key = await createKey(team.alice);
    const ask = (organization: string, as: string, id: string) =>
      nightsafe(
        ['policy', 'explain', '--organization', organization, '--as', as, '--can', 'use', '--key', id],
        environmentOf(team.api),
      );
    const refusal = (message: string) => ({
      exitCode: 2,
      stdout: '',
      stderr: `nightsafe: ${message}. Try \`nightsafe help\`.\n`,
    });
    expect(ask('no-such-team', 'Bob', key)).to.deep.equal(refusal('--organization is the slug of no organization'));
    expect(ask(team.slug, 'Stranger', key)).to.deep.equal(
      refusal('--as is the name or id of no active person or service account there'),
    );
    expect(ask(team.slug, 'Bob', team.growth)).to.deep.equal(refusal('--key is the id of no key there'));
  });
});
