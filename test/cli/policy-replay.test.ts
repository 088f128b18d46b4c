import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { decisionLine } from '../../src/audit/decision-lines.js';
import { type LoggedDecision, loadPolicies, type PolicySubject } from '../../src/authz/index.js';
import type { GranteeId } from '../../src/ids.js';
import type { Principal } from '../../src/principal.js';
import { admin, member } from '../authz/policy-folder.js';
import { newTeam, startTestApi, type TestApi } from '../support/api.js';
import { createKey } from '../support/secret-keys.js';
import { expectGolden } from './golden-file.js';
import { type CommandResult, nightsafe } from './nightsafe.js';

const catalogue = readFileSync('policies/catalogue.yaml', 'utf8');
/** One that no change of the product's changes, as the version of the policies is in the golden files. */
const smallCatalogue = `subjects:
  SecretKey:
    actions: [read, use, delete]
    fields: { read: [id, name], writeOnly: [value] }
    attributes:
      organizationId: { type: string }
      createdById: { type: string, nullable: true }
      grantees(use): { type: set }
`;
const roles = readFileSync('policies/roles.yaml', 'utf8');
const rule = (id: string, to: string, action: string, when = '', fields = ''): string =>
  `- { id: ${id}, effect: allow, to: [${to}], actions: [${action}], subject: SecretKey, ${fields} when: { organizationId: principal.organizationId${when && `, ${when}`} }, why: Because. }\n`;
const granted = "'grantees(use)': { in: principal.granteeIds }";
const baseRules = [
  rule('secret-key/use', 'admin, member', 'use', granted),
  rule('secret-key/delete', 'admin', 'delete'),
  rule('secret-key/read', 'member', 'read', '', 'fields: [id, name],'),
];
const headRules = [
  rule('secret-key/use', 'admin, service-account', 'use', granted),
  rule('secret-key/delete-own', 'member', 'delete', 'createdById: principal.id'),
  rule('secret-key/admin-delete', 'admin', 'delete'),
  rule('secret-key/read', 'member', 'read', '', 'fields: [id, name],'),
];

describe('nightsafe policy replay', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'nightsafe-replay-'));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  function folder(name: string, rules: readonly string[], declared = smallCatalogue): string {
    const directory = join(parent, name);
    mkdirSync(join(directory, 'rules'), { recursive: true });
    writeFileSync(join(directory, 'catalogue.yaml'), declared);
    writeFileSync(join(directory, 'roles.yaml'), roles);
    writeFileSync(join(directory, 'rules', 'all.yaml'), rules.join(''));
    return directory;
  }

  function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): CommandResult {
    const { exitCode, stdout, stderr } = nightsafe(['policy', 'replay', ...args], environment);
    return { exitCode, stdout: stdout.replaceAll(`${parent}/`, ''), stderr: stderr.replaceAll(`${parent}/`, '') };
  }

  describe('of a file', () => {
    const mia: Principal = { ...member, id: 'mia' as GranteeId, granteeIds: ['mia', 'ops', 'acme'] };
    const bot: Principal = { ...mia, kind: 'SERVICE_ACCOUNT', role: null, id: 'bot' as GranteeId };
    const key: PolicySubject = {
      type: 'SecretKey',
      attributes: { organizationId: 'acme', createdById: 'mia', 'grantees(use)': ['ops', 'ada'] },
    };

    /** What was decided under the first of the two revisions, and something forged. */
    function logFile(base: string): string {
      const policies = loadPolicies(base);
      const asked: [Principal, string][] = [
        [member, 'use'],
        [mia, 'use'],
        [mia, 'use'],
        [admin, 'use'],
        [admin, 'delete'],
        [member, 'delete'],
        [bot, 'use'],
      ];
      const decisions = asked.map(([principal, action], index): LoggedDecision => {
        const decision = policies.authorize(principal).decide(action, key);
        const { effect, ruleId, policyVersion } = decision;
        return {
          ...decision.question(),
          id: `decision-${index}`,
          occurredAt: Date.UTC(2030, 0, 1, index),
          effect,
          ruleId,
          policyVersion,
        };
      });
      const [first] = decisions;
      if (first) decisions.push({ ...first, id: 'forged', effect: 'deny', ruleId: null });
      const file = join(parent, 'decisions.jsonl');
      writeFileSync(file, decisions.map(decisionLine).join(''));
      return file;
    }

    it('tells each difference as a sentence, with how often it was met and an example', () => {
      const base = folder('base', baseRules);
      const args = ['--base', base, '--head', folder('head', headRules), '--log', logFile(base)];
      const { exitCode, stdout, stderr } = run(args);
      expect({ exitCode, stderr }).to.deep.equal({ exitCode: 1, stderr: '' });
      expectGolden('cli/golden/policy-replay.txt', stdout);
    });

    it('tells the same as JSON', () => {
      const base = folder('base', baseRules);
      const args = ['--base', base, '--head', folder('head', headRules), '--log', logFile(base), '--json'];
      const { exitCode, stdout, stderr } = run(args);
      expect({ exitCode, stderr }).to.deep.equal({ exitCode: 1, stderr: '' });
      expectGolden('cli/golden/policy-replay.json', stdout);
    });

    it('finds no difference when the same is decided, be it by another rule', () => {
      const base = folder('base', baseRules);
      const head = folder('head', [
        ...baseRules.slice(1),
        rule('secret-key/use-again', 'admin, member', 'use', granted),
      ]);
      const file = join(parent, 'few.jsonl');
      writeFileSync(file, readFileSync(logFile(base), 'utf8').split('\n').slice(0, 4).join('\n'));
      const { exitCode, stdout, stderr } = run(['--base', base, '--head', head, '--log', file]);
      expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
      expect(stdout).to.match(
        /\ndecisions: 4, gains: 0, losses: 0, by another rule: 4, not decided: 0, logged otherwise: 0\n$/,
      );
    });

    it('refuses a file with a line that is no decision, and one that is not there', () => {
      const base = folder('base', baseRules);
      const file = join(parent, 'wrong.jsonl');
      writeFileSync(file, 'canary-not-a-decision\n');
      expect(run(['--base', base, '--head', base, '--log', file])).to.deep.equal({
        exitCode: 2,
        stdout: '',
        stderr: 'nightsafe: of --log, line 1 is no logged decision. Try `nightsafe help`.\n',
      });
      expect(run(['--base', base, '--head', base, '--log', join(parent, 'missing.jsonl')])).to.deep.equal({
        exitCode: 2,
        stdout: '',
        stderr: 'nightsafe: --log names no file that can be read. Try `nightsafe help`.\n',
      });
    });
  });

  describe('of the database', () => {
    let api: TestApi;
    beforeEach(async () => {
      api = await startTestApi();
    });
    afterEach(() => api.close());

    const environment = (): Record<string, string> => {
      const { database, home, writerPublicKeyFile } = api.config;
      const files = { NIGHTSAFE_HOME: home, NIGHTSAFE_WRITER_PUBLIC_KEY_FILE: writerPublicKeyFile };
      if (database.kind === 'sqlite') return { DATABASE_URL: `sqlite:${database.path}`, ...files };
      const url = new URL(`mysql://${database.host}:${database.port}/${database.database}`);
      url.username = database.user;
      url.password = database.password.reveal();
      return { DATABASE_URL: url.href, ...files };
    };
    const without = (text: string): string => {
      const path = 'rules/secret-key.yaml';
      const product = readFileSync(join('policies', path), 'utf8');
      expect(product).to.contain(text);
      return product.replace(text, text.replace(', service-account', ''));
    };

    it('decides the log again, and exports it: the exported file is decided alike', async () => {
      const team = await newTeam(api);
      await createKey(team.deployBot, { grants: [{ granteeId: team.bob.id, permission: 'MANAGE' }] });
      await createKey(team.bob);
      const head = folder('head', [without('to: [admin, member, service-account]\n  actions: [create]')], catalogue);
      const file = join(parent, 'decisions.jsonl');
      const args = ['--base', 'policies', '--head', head];
      const exported = run([...args, '--export', file], environment());
      expect(exported).to.include({ exitCode: 1, stderr: '' });
      expect(exported.stdout)
        .to.contain(
          'Losses\n- A service account loses `create` on secret keys: secret-key/create allowed it, no rule allows it now.\n',
        )
        .and.contain(`asked by ${team.deployBot.id}.`)
        .and.contain('decisions: 2, gains: 0, losses: 1,');
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect(readFileSync(file, 'utf8').split('\n')).to.have.length(3);
      expect(run([...args, '--log', file])).to.deep.equal(exported);
      expect(run(['--base', 'policies', '--head', 'policies'], environment())).to.include({ exitCode: 0, stderr: '' });
    });

    it('tells with --live who gains and who loses how many rows, with an example of each', async () => {
      const team = await newTeam(api);
      const keys = [
        await createKey(team.bob, { level: 'TEAM' }),
        await createKey(team.alice, { level: 'TEAM' }),
      ].sort();
      const product = readFileSync('policies/rules/secret-key.yaml', 'utf8');
      const head = folder(
        'head',
        [
          without('to: [admin, member, service-account]\n  actions: [use, useRaw]'),
          rule('secret-key/delete-own', 'member', 'delete', 'createdById: principal.id'),
          rule('secret-key/member-rename', 'member', 'rename', 'createdById: { ne: principal.id }'),
        ],
        catalogue,
      );
      const base = folder('base', [product], catalogue);
      const { exitCode, stdout, stderr } = run(['--base', base, '--head', head, '--live'], environment());
      expect({ exitCode, stderr }).to.deep.equal({ exitCode: 1, stderr: '' });
      const [bobs, alices] = [await ownKey(team.bob.id), await ownKey(team.alice.id)];
      const { carol, bob, deployBot, slug } = team;
      expect(stdout.split('\n\n').slice(1).join('\n\n')).to.equal(
        `Gains
- Bob (${bob.id}) gains \`rename\` on 1 secret key of ${slug}, for example ${alices}.
- Carol (${carol.id}) gains \`rename\` on 2 secret keys of ${slug}, for example ${keys[0]}.

Losses
- deploy-bot (${deployBot.id}) loses \`use\` and \`useRaw\` on 2 secret keys of ${slug}, for example ${keys[0]}.

principals: 6, lists compared: 6, gains: 2, losses: 1
`,
      );
      expect(bobs).not.to.equal(alices);

      async function ownKey(creator: string): Promise<string> {
        const [row] = await api.services.database.query('SELECT id FROM secret_key WHERE created_by_id = ?', [creator]);
        return String(row?.id);
      }
    });

    it('tells with --live the same as JSON, and nothing when both revisions select the same rows', async () => {
      const team = await newTeam(api);
      await createKey(team.bob, { level: 'TEAM' });
      const head = folder(
        'head',
        [without('to: [admin, member, service-account]\n  actions: [use, useRaw]')],
        catalogue,
      );
      const base = folder('base', [readFileSync('policies/rules/secret-key.yaml', 'utf8')], catalogue);
      const { exitCode, stdout } = run(['--base', base, '--head', head, '--live', '--json'], environment());
      const [row] = await api.services.database.query('SELECT id FROM secret_key', []);
      const version = (directory: string) => loadPolicies(directory).version;
      const { deployBot, slug } = team;
      expect({ exitCode, json: JSON.parse(stdout) }).to.deep.equal({
        exitCode: 1,
        json: {
          base: { place: 'base', policyVersion: version(base) },
          head: { place: 'head', policyVersion: version(head) },
          principals: 6,
          compared: 2,
          changes: [
            {
              sentence: `deploy-bot (${deployBot.id}) loses \`use\` and \`useRaw\` on 1 secret key of ${slug}, for example ${row?.id}.`,
              effect: 'loss',
              principal: { id: deployBot.id, name: 'deploy-bot', kind: 'SERVICE_ACCOUNT', role: null },
              organization: slug,
              subject: 'SecretKey',
              actions: ['use', 'useRaw'],
              rows: 1,
              example: row?.id,
            },
          ],
        },
      });
      const same = run(['--base', base, '--head', base, '--live'], environment());
      expect(same).to.include({ exitCode: 0, stderr: '' });
      expect(same.stdout).to.match(/\n\nprincipals: 6, lists compared: 0, gains: 0, losses: 0\n$/);
    });
  });

  for (const args of [
    ['HEAD', 'HEAD~1'],
    ['a..b..c'],
    ['--base', '.'],
    ['--stat'],
    ['--live', '--log', 'a.jsonl'],
    ['--live', '--export', 'a.jsonl'],
    ['--log', 'a.jsonl', '--export', 'b.jsonl'],
  ]) {
    it(`refuses ${args.join(' ')} as wrong usage`, () => {
      const { exitCode, stdout, stderr } = run(args);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: '' });
      expect(stderr).to.match(
        /^nightsafe: (revisions are|two folders are|this command takes|--live reads|--export writes) [^\n]*`nightsafe help`\.\n$/,
      );
    });
  }
});
