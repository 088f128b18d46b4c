import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Config } from '../../src/config.js';
import { Client, newTeam, type Team } from '../support/api.js';
import { createSecretKey, updateSecretValue } from '../support/operations.js';
import { createKey, fakeValue, uniqueName } from '../support/secret-keys.js';
import { expectSound, outcomes } from './invariants.js';

function urlOf({ database }: Config): string {
  if (database.kind === 'sqlite') return `sqlite:${database.path}`;
  const { user, password, host, port, database: name } = database;
  return `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password.reveal())}@${host}:${port}/${name}`;
}

describe('two api processes on one database', () => {
  let team: Team;
  let other: ChildProcess;
  let clients: readonly Client[];
  before(async () => {
    team = await newTeam();
    const { api, deployBot } = team;
    other = fork(fileURLToPath(new URL('../../src/main.js', import.meta.url)), ['api'], {
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        LOG_LEVEL: 'silent',
        DATABASE_URL: urlOf(api.config),
        NIGHTSAFE_HOME: api.home,
        NIGHTSAFE_DEMO: '0',
        NIGHTSAFE_PLAYGROUND: '0',
        NIGHTSAFE_MUTATIONS_PER_MINUTE: '0',
        NIGHTSAFE_ROOT_PUBLIC_KEY_FILE: api.config.rootPublicKeyFile,
        NIGHTSAFE_WRITER_KEY_FILE: api.config.writerKeyFile,
        NIGHTSAFE_WRITER_PUBLIC_KEY_FILE: api.config.writerPublicKeyFile,
      },
    });
    const [{ port }] = await once(other, 'message');
    const { id, name, token } = deployBot;
    clients = [deployBot, new Client(`http://127.0.0.1:${port}/graphql`, id, name, token)];
  });
  after(async () => {
    const ended = once(other, 'exit');
    other.kill('SIGTERM');
    expect(await ended).to.deep.equal([0, null]);
  });
  afterEach(() => expectSound(team));

  const throughBoth = (times: number, ask: (client: Client, index: number) => ReturnType<Client['ask']>) =>
    Promise.all(clients.flatMap((client) => Array.from({ length: times }, (_, index) => ask(client, index))));
  const manager = () => [{ granteeId: team.bob.id, permission: 'MANAGE' as const }];

  it('both write, and nothing is lost', async () => {
    const access = { level: 'RESTRICTED', grants: manager() };
    const answers = await throughBoth(20, (client) =>
      client.ask(createSecretKey, { input: { name: uniqueName(), value: fakeValue(), access } }),
    );
    expect(outcomes(answers)).to.deep.equal(Array(40).fill('OK'));
  });

  it('both change one key, and every change has a version of its own', async () => {
    const id = await createKey(team.bob, { grants: [{ granteeId: team.deployBot.id, permission: 'MANAGE' }] });
    const answers = await throughBoth(15, (client) =>
      client.ask(updateSecretValue, { input: { id, value: fakeValue() } }),
    );
    const versions = answers.map(({ data }) => data.updateSecretValue.secretKey.valueVersion as number);
    expect(versions.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 30 }, (_, index) => index + 2));
  });

  it('give one name to one key', async () => {
    const access = { level: 'RESTRICTED', grants: manager() };
    const answers = await throughBoth(5, (client) =>
      client.ask(createSecretKey, { input: { name: 'One of a kind', value: fakeValue(), access } }),
    );
    expect(outcomes(answers).sort()).to.deep.equal([...Array(9).fill('CONFLICT'), 'OK']);
  });

  it('give a repeated request one answer', async () => {
    const input = {
      name: uniqueName(),
      value: fakeValue(),
      access: { level: 'RESTRICTED', grants: manager() },
      clientMutationId: 'in-both',
    };
    const answers = await throughBoth(5, (client) => client.ask(createSecretKey, { input }));
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
    expect(outcomes(answers)).to.deep.equal(Array(10).fill('OK'));
  });
});
