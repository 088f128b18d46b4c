/** Whatever is wrong at a start: one sentence, exit code 1, no stack, and no process that stays behind. */
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { expect } from 'chai';
import { packageRoot } from '../../src/paths.js';
import { generateBoxPair, writeKeyFile } from '../../src/vault/keys.js';
import { type Ended, Installation, refusal, type Settings } from './installation.js';

/** A port that another program listens on. */
async function takenPort(): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, server };
}

const withoutLog = ({ stdout, ...rest }: Ended): Ended => ({
  ...rest,
  stdout: stdout.replaceAll(/^\{.*\}\n/gm, ''),
});

describe('a start is refused', () => {
  let installation: Installation;
  beforeEach(async () => {
    installation = await Installation.make();
  });
  afterEach(() => installation.remove());

  const start = async (settings: Settings = {}) => withoutLog(await installation.run(['start'], settings));

  describe('when a port is taken:', () => {
    for (const variable of ['PORT', 'NIGHTSAFE_RUNNER_PORT']) {
      it(variable, async () => {
        const { port, server } = await takenPort();
        try {
          expect(await start({ [variable]: String(port) })).to.deep.equal(
            refusal(`Port ${port} is taken: another program listens there. Set ${variable} to a free one.`),
          );
        } finally {
          server.close();
        }
      });
    }

    it('or its address is of another machine', async () => {
      expect(await start({ HOST: '192.0.2.1' })).to.deep.equal(refusal('The address in HOST is none of this machine.'));
    });
  });

  describe('when a place cannot be written:', () => {
    it('the home is below a file', async () => {
      const file = join(installation.folder, 'file');
      writeFileSync(file, '');
      expect(await start({ NIGHTSAFE_HOME: join(file, 'home') })).to.deep.equal(
        refusal(
          `${join(file, 'home')} cannot be used: a file stands where a folder should be, or a folder where a file should be.`,
        ),
      );
    });

    it('the database is below a file', async () => {
      const file = join(installation.folder, 'file');
      writeFileSync(file, '');
      expect(await start({ DATABASE_URL: `sqlite:${join(file, 'a.sqlite')}` })).to.deep.equal(
        refusal(`${file} cannot be used: a file stands where a folder should be, or a folder where a file should be.`),
      );
    });

    it('the database is a folder', async () => {
      const path = installation.makeFolder('folder.sqlite');
      expect(await start({ DATABASE_URL: `sqlite:${path}` })).to.deep.equal(
        refusal(`The SQLite database ${path} cannot be opened or written (SQLITE_CANTOPEN).`),
      );
    });
  });

  describe('when the database is not one of ours:', () => {
    let path = '';
    beforeEach(() => {
      path = join(installation.folder, 'other.sqlite');
    });
    const begin = () => start({ DATABASE_URL: `sqlite:${path}` });
    const make = (...statements: string[]) => {
      const other = new BetterSqlite(path);
      for (const statement of statements) other.exec(statement);
      other.close();
    };

    it('it is no database at all', async () => {
      writeFileSync(path, 'x'.repeat(4096));
      expect(await begin()).to.deep.equal(
        refusal(`The SQLite database ${path} cannot be opened or written (SQLITE_NOTADB).`),
      );
    });

    it('it holds the tables of another program', async () => {
      make('CREATE TABLE invoice (id INTEGER)');
      expect(await begin()).to.deep.equal(
        refusal('The database in DATABASE_URL holds the tables of another program. Give Nightsafe its own.'),
      );
    });

    it('it was written by a newer version', async () => {
      make(
        'CREATE TABLE migration (id INTEGER PRIMARY KEY, timestamp BIGINT, name TEXT)',
        "INSERT INTO migration VALUES (1, 1795800000000, 'Initial1795800000000'), (2, 9999000000000, 'Later9999000000000')",
      );
      expect(await begin()).to.deep.equal(
        refusal(
          'The database in DATABASE_URL was written by a newer version of Nightsafe, or by another program. Run that version.',
        ),
      );
    });
  });

  describe('when the database server cannot be used:', () => {
    const canary = 'not-a-real-password-canary';

    it('nothing listens there', async () => {
      const { port, server } = await takenPort();
      server.close();
      const ended = await start({ DATABASE_URL: `mysql://root:${canary}@127.0.0.1:${port}/nightsafe` });
      expect(ended).to.deep.equal(refusal(`The database at 127.0.0.1:${port} cannot be reached (ECONNREFUSED).`));
    });

    it('its name is not known', async () => {
      const ended = await start({ DATABASE_URL: `mysql://root:${canary}@database.invalid/nightsafe` });
      expect(ended.stderr).to.match(
        /^nightsafe: The database at database\.invalid:3306 cannot be reached \((ENOTFOUND|EAI_AGAIN)\)\.\n$/,
      );
      expect(ended).to.include({ code: 1, stdout: '' });
    });

    const server = process.env.TEST_DATABASE_URL;
    (server ? describe : describe.skip)('with a server', () => {
      const { host } = new URL(server ?? 'mysql://none:1');

      it('it refuses the password', async () => {
        const ended = await start({ DATABASE_URL: `mysql://root:${canary}@${host}/nightsafe` });
        expect(ended).to.deep.equal(refusal(`The database at ${host} refused the user and password in DATABASE_URL.`));
      });

      it('it has no such schema', async () => {
        const ended = await start({ DATABASE_URL: `mysql://root@${host}/nightsafe_test_missing` });
        expect(ended).to.deep.equal(
          refusal(`The database at ${host} has no schema of the name in DATABASE_URL. Create it first.`),
        );
      });

      it('a migration was interrupted', async () => {
        await installation.run(['keys', 'init']);
        const running = installation.begin(['api']);
        await running.serving('api');
        await running.stop();
        await installation.sql('DELETE FROM migration');
        expect(await start()).to.deep.equal(
          refusal(
            `An earlier migration of the database at ${host} was interrupted. Restore what was there before it, or empty the schema.`,
          ),
        );
      });
    });
  });

  describe('when a setting is wrong:', () => {
    it('a number is none', async () => {
      expect(await start({ PORT: 'canary' })).to.deep.equal(refusal('PORT must be a whole number from 0 to 65535.'));
    });

    it('a name is misspelt', async () => {
      expect(await start({ NIGHTSAFE_HOMES: '/tmp' })).to.deep.equal(
        refusal('NIGHTSAFE_HOMES is not a setting of Nightsafe; the nearest one is NIGHTSAFE_HOME.'),
      );
    });

    it('the policies do not lint: every finding has its file and line', async () => {
      const policies = installation.makeFolder('policies');
      cpSync(join(packageRoot, 'policies'), policies, { recursive: true });
      const rule = [
        '- id: everyone-uses-everything',
        '  effect: allow',
        '  to: [member]',
        '  actions: [use]',
        '  subject: SecretKey',
        '  why: A mistake.',
      ];
      writeFileSync(join(policies, 'rules/zz.yaml'), `${rule.join('\n')}\n`);
      const ended = await start({ NIGHTSAFE_POLICIES: policies });
      expect(ended).to.include({ code: 1, stdout: '' });
      expect(ended.stderr).to.match(/^nightsafe: policies\/rules\/zz\.yaml:1: everyone-uses-everything: .+\n$/);
    });

    it('there are no policies', async () => {
      const ended = await start({ NIGHTSAFE_POLICIES: join(installation.folder, 'policies') });
      expect(ended).to.include({ code: 1, stdout: '' });
      expect(ended.stderr).to.match(/^nightsafe: policies\/catalogue\.yaml:1: the file does not exist; add it, /);
    });
  });

  describe('when a key file is wrong:', () => {
    beforeEach(async () => {
      await installation.run(['keys', 'init']);
    });

    for (const [pair, missing, present] of [
      ['root', 'root.key', 'root.pub'],
      ['root', 'root.pub', 'root.key'],
      ['writer', 'writer.key', 'writer.pub'],
      ['writer', 'writer.pub', 'writer.key'],
    ] as const) {
      it(`${missing} is missing`, async () => {
        rmSync(installation.file('keys', missing));
        expect(await start()).to.deep.equal(
          refusal(
            `Of the ${pair} key pair only ${installation.file('keys', present)} exists. Restore the other file; nothing was changed.`,
          ),
        );
      });
    }

    for (const [file, type] of [
      ['root.key', 'root-private'],
      ['root.pub', 'root-public'],
      ['writer.key', 'writer-private'],
      ['writer.pub', 'writer-public'],
    ] as const) {
      it(`${file} holds something else`, async () => {
        const path = installation.file('keys', file);
        writeFileSync(path, 'canary');
        expect(await start()).to.deep.equal(
          refusal(`${path} does not hold a ${type} key: one line, "nightsafe-${type}:" and 32 bytes in base64.`),
        );
      });
    }

    it('everyone may read a private key', async () => {
      const path = installation.file('keys/writer.key');
      chmodSync(path, 0o644);
      expect(await start()).to.deep.equal(
        refusal(
          `${path} holds a private key that every user may read: run "chmod 600 ${path}", or mount the secret with mode 0440.`,
        ),
      );
    });

    for (const file of ['demo-signing-key.json', 'demo-public-keys.json']) {
      it(`${file} holds something else`, async () => {
        writeFileSync(installation.file(file), '{"canary":1}');
        expect(await start()).to.deep.equal(refusal(`No key can be read from ${installation.file(file)}.`));
      });
    }
  });

  describe('to the runner', () => {
    const runner = () => installation.run(['runner']);

    it('when no api has made the database yet, and none is made by it', async () => {
      await installation.run(['keys', 'init']);
      const isSqlite = !process.env.TEST_DATABASE_URL;
      const state = isSqlite ? `${installation.file('nightsafe.sqlite')} does not exist` : 'it has no tables';
      const sentence = `The database is not ready: ${state}. Start the api first, which makes and migrates it.`;
      expect(await runner()).to.deep.equal(refusal(sentence));
      expect(await runner()).to.deep.equal(refusal(sentence));
    });

    it('when the root keys are not a pair', async () => {
      await installation.run(['keys', 'init']);
      rmSync(installation.file('keys/root.pub'));
      writeKeyFile(installation.file('keys/root.pub'), 'root-public', generateBoxPair().publicKey);
      expect(await runner()).to.deep.equal(
        refusal('The root key and the root public key are not a pair. Restore the one that belongs to the other.'),
      );
    });

    describe('that shall open what it cannot:', () => {
      const sentence =
        "Key 1 of the organization acme cannot be opened: the root key or the writer's public key is of another installation, or the row was changed by something else than the api.";
      beforeEach(async () => {
        await (await installation.start()).running.stop();
      });

      it('its root pair is another one', async () => {
        const pair = generateBoxPair();
        for (const name of ['root.key', 'root.pub']) rmSync(installation.file('keys', name));
        writeKeyFile(installation.file('keys/root.key'), 'root-private', pair.privateKey);
        writeKeyFile(installation.file('keys/root.pub'), 'root-public', pair.publicKey);
        expect(await start()).to.deep.equal(refusal(sentence));
      });

      it('the signature of a key is not from the api', async () => {
        await installation.sql('UPDATE organization_key SET signature = ?', [Buffer.alloc(64, 1)]);
        expect(await runner()).to.deep.equal(refusal(sentence));
      });

      it('the public half of a key was replaced', async () => {
        await installation.sql('UPDATE organization_key SET public_key = ?', [
          Buffer.from(generateBoxPair().publicKey),
        ]);
        expect(await runner()).to.deep.equal(refusal(sentence));
      });
    });
  });
});
