import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { ConfigError, describeVariables, Redacted, readConfig } from '../src/config.js';

const home = resolve('.nightsafe');
const oidc = {
  NIGHTSAFE_OIDC_ISSUER: 'https://id.example.test/',
  NIGHTSAFE_OIDC_AUDIENCE: 'nightsafe',
  NIGHTSAFE_OIDC_JWKS_URL: 'https://id.example.test/keys',
};

/** The sentence with which these settings are refused; null when they are not. */
function refusalOf(env: NodeJS.ProcessEnv): string | null {
  try {
    readConfig(env);
    return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error).to.not.have.property('cause');
    return error.message;
  }
}

const databaseOf = (url: string) => readConfig({ DATABASE_URL: url }).database;

describe('config', () => {
  it('has a default for every setting', () => {
    const { policiesFolder, ...rest } = readConfig({});
    expect(rest).to.deep.equal({
      port: 4000,
      host: '127.0.0.1',
      home,
      database: { kind: 'sqlite', path: join(home, 'nightsafe.sqlite') },
      demo: true,
      retentionDays: 30,
      runRetentionDays: 30,
      runsQueuedMost: 10_000,
      policyWatch: false,
      decisionLogDays: 30,
      rootKeyFile: join(home, 'keys/root.key'),
      rootPublicKeyFile: join(home, 'keys/root.pub'),
      writerKeyFile: join(home, 'keys/writer.key'),
      writerPublicKeyFile: join(home, 'keys/writer.pub'),
      playground: true,
      introspection: true,
      mutationsPerMinute: 120,
      runnerPort: 4001,
      redisUrl: null,
      runner: {
        runsAtOnce: 10,
        runsAtOncePerOrganization: 5,
        runsPerMinutePerOrganization: 0,
        leaseSeconds: 30,
        privateHosts: [],
        requestSeconds: 10,
        longestRequestSeconds: 60,
        redirects: 3,
        urlBytes: 16 * 1024,
        requestHeaderBytes: 64 * 1024,
        requestBytes: 8 * 1024 * 1024,
        responseHeaderBytes: 16 * 1024,
        responseBytes: 5 * 1024 * 1024,
        runResponseBytes: 32 * 1024 * 1024,
        stepLogBytes: 256 * 1024,
        runOutputBytes: 16 * 1024 * 1024,
        bubblewrap: 'auto',
        codeBytes: 256 * 1024,
        codeVariableBytes: 8 * 1024 * 1024,
        codeSeconds: 30,
        codeMemoryBytes: 64 * 1024 * 1024,
        codeCpuMilliseconds: 1_000,
        codeLogLines: 1_000,
        codeResultBytes: 1024 * 1024,
        codeRequests: 50,
        codeCallsAtOnce: 64,
        codeRunsPerProcess: 200,
      },
      logLevel: 'info',
      oidc: null,
    });
    expect(basename(policiesFolder)).to.equal('policies');
    expect(existsSync(join(policiesFolder, '../package.json'))).to.equal(true);
  });

  it('reads every setting, and makes every path absolute', () => {
    const env = {
      PATH: '/usr/bin',
      PORT: '0',
      HOST: '::1',
      LOG_LEVEL: 'silent',
      DATABASE_URL: 'sqlite:./elsewhere.sqlite',
      NIGHTSAFE_HOME: '/srv/nightsafe',
      NIGHTSAFE_DEMO: '0',
      NIGHTSAFE_RETENTION_DAYS: '3650',
      NIGHTSAFE_RUN_RETENTION_DAYS: '0',
      NIGHTSAFE_RUNS_QUEUED_MOST: '1',
      NIGHTSAFE_POLICIES: 'our-policies',
      NIGHTSAFE_POLICY_WATCH: '1',
      NIGHTSAFE_DECISION_LOG_DAYS: '0',
      NIGHTSAFE_ROOT_KEY_FILE: '/run/secrets/root.key',
      NIGHTSAFE_ROOT_PUBLIC_KEY_FILE: 'root.pub',
      NIGHTSAFE_WRITER_KEY_FILE: 'writer.key',
      NIGHTSAFE_WRITER_PUBLIC_KEY_FILE: 'writer.pub',
      NIGHTSAFE_PLAYGROUND: '0',
      NIGHTSAFE_INTROSPECTION: '1',
      NIGHTSAFE_MUTATIONS_PER_MINUTE: '0',
      NIGHTSAFE_RUNNER_PORT: '65535',
      REDIS_URL: 'rediss://:fake-canary@redis.example.test:6380/1',
      NIGHTSAFE_PRIVATE_HOSTS: 'localhost:8080, HTTPS://Intranet.Example.TEST,10.0.0.5,[::1]:99',
      NIGHTSAFE_RUNS_AT_ONCE: '1000',
      NIGHTSAFE_RUNS_AT_ONCE_PER_ORGANIZATION: '1',
      NIGHTSAFE_RUNS_PER_MINUTE_PER_ORGANIZATION: '1000000',
      NIGHTSAFE_RUN_LEASE_SECONDS: '3',
      NIGHTSAFE_REQUEST_SECONDS: '600',
      NIGHTSAFE_REQUEST_SECONDS_MOST: '600',
      NIGHTSAFE_REDIRECTS: '0',
      NIGHTSAFE_URL_KIBIBYTES: '1',
      NIGHTSAFE_REQUEST_HEADER_KIBIBYTES: '1024',
      NIGHTSAFE_REQUEST_MEBIBYTES: '100',
      NIGHTSAFE_RESPONSE_HEADER_KIBIBYTES: '1024',
      NIGHTSAFE_RESPONSE_MEBIBYTES: '100',
      NIGHTSAFE_RUN_RESPONSES_MEBIBYTES: '1',
      NIGHTSAFE_STEP_LOG_KIBIBYTES: '0',
      NIGHTSAFE_RUN_OUTPUT_MEBIBYTES: '1024',
      NIGHTSAFE_BUBBLEWRAP: 'require',
      NIGHTSAFE_CODE_KIBIBYTES: '1',
      NIGHTSAFE_CODE_VARIABLE_MEBIBYTES: '64',
      NIGHTSAFE_CODE_SECONDS: '600',
      NIGHTSAFE_CODE_MEMORY_MEBIBYTES: '8',
      NIGHTSAFE_CODE_CPU_MILLISECONDS: '60000',
      NIGHTSAFE_CODE_LOG_LINES: '0',
      NIGHTSAFE_CODE_RESULT_KIBIBYTES: '16384',
      NIGHTSAFE_CODE_REQUESTS: '0',
      NIGHTSAFE_CODE_CALLS_AT_ONCE: '1000',
      NIGHTSAFE_CODE_RUNS_PER_PROCESS: '1',
      NIGHTSAFE_OIDC_ISSUER: 'https://id.example.test/',
      NIGHTSAFE_OIDC_AUDIENCE: 'nightsafe',
      NIGHTSAFE_OIDC_JWKS_FILE: 'keys.json',
      NIGHTSAFE_OIDC_ALGORITHMS: 'ES384, EdDSA',
      NIGHTSAFE_OIDC_CLOCK_TOLERANCE_SECONDS: '0',
      NIGHTSAFE_OIDC_PROVISION: 'acme-2',
      NIGHTSAFE_OIDC_PROVISION_ROLE: 'AUDITOR',
    };
    const { redisUrl, ...rest } = readConfig(env);
    expect(redisUrl?.reveal()).to.equal('rediss://:fake-canary@redis.example.test:6380/1');
    expect(rest).to.deep.equal({
      port: 0,
      host: '::1',
      home: '/srv/nightsafe',
      database: { kind: 'sqlite', path: resolve('elsewhere.sqlite') },
      demo: false,
      retentionDays: 3650,
      runRetentionDays: 0,
      runsQueuedMost: 1,
      policiesFolder: resolve('our-policies'),
      policyWatch: true,
      decisionLogDays: 0,
      rootKeyFile: '/run/secrets/root.key',
      rootPublicKeyFile: resolve('root.pub'),
      writerKeyFile: resolve('writer.key'),
      writerPublicKeyFile: resolve('writer.pub'),
      playground: false,
      introspection: true,
      mutationsPerMinute: 0,
      runnerPort: 65_535,
      runner: {
        runsAtOnce: 1_000,
        runsAtOncePerOrganization: 1,
        runsPerMinutePerOrganization: 1_000_000,
        leaseSeconds: 3,
        privateHosts: ['localhost:8080', 'intranet.example.test', '10.0.0.5', '[::1]:99'],
        requestSeconds: 600,
        longestRequestSeconds: 600,
        redirects: 0,
        urlBytes: 1024,
        requestHeaderBytes: 1024 * 1024,
        requestBytes: 100 * 1024 * 1024,
        responseHeaderBytes: 1024 * 1024,
        responseBytes: 100 * 1024 * 1024,
        runResponseBytes: 1024 * 1024,
        stepLogBytes: 0,
        runOutputBytes: 1024 * 1024 * 1024,
        bubblewrap: 'require',
        codeBytes: 1024,
        codeVariableBytes: 64 * 1024 * 1024,
        codeSeconds: 600,
        codeMemoryBytes: 8 * 1024 * 1024,
        codeCpuMilliseconds: 60_000,
        codeLogLines: 0,
        codeResultBytes: 16 * 1024 * 1024,
        codeRequests: 0,
        codeCallsAtOnce: 1_000,
        codeRunsPerProcess: 1,
      },
      logLevel: 'silent',
      oidc: {
        provider: {
          issuer: 'https://id.example.test/',
          audience: 'nightsafe',
          algorithms: ['ES384', 'EdDSA'],
          clockToleranceSeconds: 0,
          keys: { file: resolve('keys.json') },
        },
        provision: { organizationSlug: 'acme-2', role: 'AUDITOR' },
      },
    });
  });

  it('takes an issuer with three settings, and lets nobody join by signing in unless told to', () => {
    const provider = {
      issuer: 'https://id.example.test/',
      audience: 'nightsafe',
      algorithms: ['RS256', 'ES256', 'EdDSA', 'PS256'],
      clockToleranceSeconds: 30,
      keys: { url: 'https://id.example.test/keys' },
    };
    expect(readConfig(oidc).oidc).to.deep.equal({ provider, provision: null });
    expect(readConfig({ ...oidc, NIGHTSAFE_OIDC_PROVISION: 'acme' }).oidc).to.deep.equal({
      provider,
      provision: { organizationSlug: 'acme', role: 'MEMBER' },
    });
  });

  it('reads an empty variable as one that is not set', () => {
    const empty = Object.fromEntries(describeVariables().map(({ name }) => [name, '']));
    expect(readConfig(empty)).to.deep.equal(readConfig({}));
  });

  it('keeps the schema as private as the playground, unless told otherwise', () => {
    const { playground, introspection } = readConfig({ NIGHTSAFE_PLAYGROUND: '0' });
    expect({ playground, introspection }).to.deep.equal({ playground: false, introspection: false });
  });

  describe('DATABASE_URL', () => {
    const mysql = (parts: object) => ({
      kind: 'mysql',
      host: 'db.example.test',
      port: 3306,
      user: 'nightsafe',
      database: 'vault',
      tls: false,
      ...parts,
    });
    function partsOf(url: string) {
      const database = databaseOf(url);
      return database.kind === 'mysql' ? { ...database, password: database.password.reveal() } : database;
    }

    it('reads the parts of a MySQL address, percent-encoded where they must be', () => {
      expect(partsOf('mysql://nightsafe:fake-canary@db.example.test/vault')).to.deep.equal(
        mysql({ password: 'fake-canary' }),
      );
      expect(partsOf('mysql://n%40s:f%2Fa%3Ak%25e%23@[::1]:3307/v%C3%A4ult?ssl=true')).to.deep.equal(
        mysql({ host: '::1', port: 3307, user: 'n@s', password: 'f/a:k%e#', database: 'väult', tls: true }),
      );
      expect(partsOf('mysql://nightsafe@db.example.test/vault?ssl=false')).to.deep.equal(mysql({ password: '' }));
    });

    it('is refused as a whole, without a word of what was in it', () => {
      const canary = 'fake-canary';
      for (const url of [
        canary,
        `postgres://nightsafe:${canary}@localhost/vault`,
        `mysql://nightsafe:${canary}@localhost`,
        `mysql://nightsafe:${canary}@localhost/`,
        `mysql://nightsafe:${canary}@localhost/vault/${canary}`,
        `mysql://:${canary}@localhost/vault`,
        `mysql://localhost/${canary}`,
        `mysql://nightsafe:${canary}@/vault`,
        `mysql://nightsafe:${canary}@localhost:99999/vault`,
        `mysql://nightsafe:${canary}%zz@localhost/vault`,
        `mysql://nightsafe:${canary}#1@localhost/vault`,
        `mysql://nightsafe:${canary}/1@localhost/vault`,
        `mysql://nightsafe:${canary}?1@localhost/vault`,
        `mysql://nightsafe:${canary}@localhost/vault?tls=true`,
        `mysql://nightsafe:${canary}@localhost/vault?ssl=1`,
        `mysql://nightsafe:${canary}@localhost/vault?ssl=true&ssl=false`,
        `mysql://nightsafe:${canary}@localhost/vault#${canary}`,
        `mysql:nightsafe:${canary}@localhost/vault`,
        'sqlite:',
      ]) {
        expect(refusalOf({ DATABASE_URL: url }), url).to.equal(
          'DATABASE_URL must be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE, the latter with percent-encoded parts and at most ?ssl=true or ?ssl=false after it.',
        );
      }
    });

    it('is refused when it asks for a database in memory', () => {
      expect(refusalOf({ DATABASE_URL: 'sqlite::memory:' })).to.equal(
        'DATABASE_URL must name a file: the API and the runner are two processes and cannot share memory.',
      );
    });

    it('never prints its password', () => {
      const config = readConfig({ DATABASE_URL: 'mysql://nightsafe:fake-canary@localhost/vault' });
      const password = config.database.kind === 'mysql' && config.database.password;
      const prints = [
        inspect(config, { depth: null, showHidden: true }),
        inspect(config, { depth: null, customInspect: false, getters: true }),
        JSON.stringify(config),
        JSON.stringify(structuredClone(config)),
        `${password}`,
        Object.entries(password).join(),
      ];
      expect(prints.filter((print) => print.includes('canary'))).to.deep.equal([]);
      expect(inspect({ password })).to.equal('{ password: [redacted] }');
      expect(JSON.stringify({ password })).to.equal('{"password":"[redacted]"}');
      expect(new Redacted('fake-canary').reveal()).to.equal('fake-canary');
    });
  });

  describe('REDIS_URL', () => {
    it('never prints its password', () => {
      const config = readConfig({ REDIS_URL: 'redis://:fake-canary@localhost:6379' });
      const prints = [inspect(config, { depth: null, showHidden: true }), JSON.stringify(config), `${config.redisUrl}`];
      expect(prints.filter((print) => print.includes('canary'))).to.deep.equal([]);
    });

    it('is refused as a whole, without a word of what was in it', () => {
      for (const url of [
        'fake-canary',
        'http://:fake-canary@localhost',
        'redis://',
        'redis:fake-canary',
        'rediss://:fake-canary@',
      ]) {
        expect(refusalOf({ REDIS_URL: url }), url).to.equal('REDIS_URL must be a redis:// or rediss:// URL.');
      }
    });
  });

  it('refuses a private host that is none, without a word of what was in it', () => {
    for (const hosts of [
      '*.example.test',
      'localhost,',
      'fake-canary@localhost',
      'localhost/fake-canary',
      'a b',
      '10.0.0.0/8',
    ]) {
      expect(refusalOf({ NIGHTSAFE_PRIVATE_HOSTS: hosts }), hosts).to.equal(
        'NIGHTSAFE_PRIVATE_HOSTS must be a comma-separated list of hosts with an optional port, such as localhost:8080,10.0.0.5.',
      );
    }
  });

  describe('a wrong setting stops the start with a sentence:', () => {
    const issuerAlone = { NIGHTSAFE_OIDC_ISSUER: oidc.NIGHTSAFE_OIDC_ISSUER };
    const cases: [NodeJS.ProcessEnv, string][] = [
      [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535.'],
      [{ PORT: '-1' }, 'PORT must be a whole number from 0 to 65535.'],
      [{ PORT: '4e3' }, 'PORT must be a whole number from 0 to 65535.'],
      [{ PORT: ' 4000' }, 'PORT must be a whole number from 0 to 65535.'],
      [{ PORT: '4001' }, 'NIGHTSAFE_RUNNER_PORT must differ from PORT.'],
      [{ HOST: 'http://localhost' }, 'HOST must be an IP address or a host name.'],
      [{ HOST: 'localhost:4000' }, 'HOST must be an IP address or a host name.'],
      [{ LOG_LEVEL: 'INFO' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.'],
      [{ NIGHTSAFE_DEMO: 'true' }, 'NIGHTSAFE_DEMO must be 1 or 0.'],
      [{ NIGHTSAFE_PLAYGROUND: 'off' }, 'NIGHTSAFE_PLAYGROUND must be 1 or 0.'],
      [{ NIGHTSAFE_INTROSPECTION: '01' }, 'NIGHTSAFE_INTROSPECTION must be 1 or 0.'],
      [{ NIGHTSAFE_RETENTION_DAYS: '3651' }, 'NIGHTSAFE_RETENTION_DAYS must be a whole number from 0 to 3650.'],
      [
        { NIGHTSAFE_MUTATIONS_PER_MINUTE: '1.5' },
        'NIGHTSAFE_MUTATIONS_PER_MINUTE must be a whole number from 0 to 1000000.',
      ],
      ...[
        ['NIGHTSAFE_RUN_RETENTION_DAYS', 0, 3_650],
        ['NIGHTSAFE_RUNS_QUEUED_MOST', 1, 1_000_000],
        ['NIGHTSAFE_DECISION_LOG_DAYS', 0, 3_650],
        ['NIGHTSAFE_RUNS_AT_ONCE', 1, 1_000],
        ['NIGHTSAFE_RUNS_AT_ONCE_PER_ORGANIZATION', 1, 1_000],
        ['NIGHTSAFE_RUNS_PER_MINUTE_PER_ORGANIZATION', 0, 1_000_000],
        ['NIGHTSAFE_RUN_LEASE_SECONDS', 3, 3_600],
        ['NIGHTSAFE_REQUEST_SECONDS', 1, 600],
        ['NIGHTSAFE_REQUEST_SECONDS_MOST', 1, 600],
        ['NIGHTSAFE_REDIRECTS', 0, 20],
        ['NIGHTSAFE_URL_KIBIBYTES', 1, 1_024],
        ['NIGHTSAFE_REQUEST_HEADER_KIBIBYTES', 1, 1_024],
        ['NIGHTSAFE_REQUEST_MEBIBYTES', 1, 100],
        ['NIGHTSAFE_RESPONSE_HEADER_KIBIBYTES', 1, 1_024],
        ['NIGHTSAFE_RESPONSE_MEBIBYTES', 1, 100],
        ['NIGHTSAFE_RUN_RESPONSES_MEBIBYTES', 1, 1_024],
        ['NIGHTSAFE_STEP_LOG_KIBIBYTES', 0, 16_384],
        ['NIGHTSAFE_RUN_OUTPUT_MEBIBYTES', 1, 1_024],
        ['NIGHTSAFE_CODE_KIBIBYTES', 1, 256],
        ['NIGHTSAFE_CODE_VARIABLE_MEBIBYTES', 1, 64],
        ['NIGHTSAFE_CODE_SECONDS', 1, 600],
        ['NIGHTSAFE_CODE_MEMORY_MEBIBYTES', 8, 1_024],
        ['NIGHTSAFE_CODE_CPU_MILLISECONDS', 10, 60_000],
        ['NIGHTSAFE_CODE_LOG_LINES', 0, 100_000],
        ['NIGHTSAFE_CODE_RESULT_KIBIBYTES', 1, 16_384],
        ['NIGHTSAFE_CODE_REQUESTS', 0, 1_000],
        ['NIGHTSAFE_CODE_CALLS_AT_ONCE', 1, 1_000],
        ['NIGHTSAFE_CODE_RUNS_PER_PROCESS', 1, 100_000],
      ].flatMap(([name, least, most]) =>
        [Number(least) - 1, Number(most) + 1].map((value): [NodeJS.ProcessEnv, string] => [
          { [String(name)]: String(value) },
          `${name} must be a whole number from ${least} to ${most}.`,
        ]),
      ),
      [
        { NIGHTSAFE_REQUEST_SECONDS: '61' },
        'NIGHTSAFE_REQUEST_SECONDS must not be more than NIGHTSAFE_REQUEST_SECONDS_MOST.',
      ],
      [{ NIGHTSAFE_BUBBLEWRAP: 'Auto' }, 'NIGHTSAFE_BUBBLEWRAP must be one of auto, off, require.'],
      [{ NIGHTSAFE_POLICY_WATCH: 'yes' }, 'NIGHTSAFE_POLICY_WATCH must be 1 or 0.'],
      [{ NIGHTSAFE_RUNNER_PORT: 'any' }, 'NIGHTSAFE_RUNNER_PORT must be a whole number from 0 to 65535.'],
      [
        { NIGHTSAFE_RETENTION_DAY: '5' },
        'NIGHTSAFE_RETENTION_DAY is not a setting of Nightsafe; the nearest one is NIGHTSAFE_RETENTION_DAYS.',
      ],
      [
        { NIGHTSAFE_ODIC_AUDIENCE: 'x' },
        'NIGHTSAFE_ODIC_AUDIENCE is not a setting of Nightsafe; the nearest one is NIGHTSAFE_OIDC_AUDIENCE.',
      ],
      [{ NIGHTSAFE_PORT: '' }, 'NIGHTSAFE_PORT is not a setting of Nightsafe; the nearest one is NIGHTSAFE_HOME.'],
      [issuerAlone, 'NIGHTSAFE_OIDC_AUDIENCE must be set together with NIGHTSAFE_OIDC_ISSUER.'],
      [
        { ...issuerAlone, NIGHTSAFE_OIDC_AUDIENCE: 'nightsafe' },
        'NIGHTSAFE_OIDC_JWKS_URL or NIGHTSAFE_OIDC_JWKS_FILE must be set together with NIGHTSAFE_OIDC_ISSUER.',
      ],
      [
        { ...oidc, NIGHTSAFE_OIDC_JWKS_FILE: 'keys.json' },
        'NIGHTSAFE_OIDC_JWKS_URL and NIGHTSAFE_OIDC_JWKS_FILE must not both be set.',
      ],
      [
        { NIGHTSAFE_OIDC_AUDIENCE: 'nightsafe' },
        'NIGHTSAFE_OIDC_AUDIENCE must come together with NIGHTSAFE_OIDC_ISSUER.',
      ],
      [
        { ...oidc, NIGHTSAFE_OIDC_ISSUER: 'id.example.test' },
        'NIGHTSAFE_OIDC_ISSUER must be an http or https URL without query and fragment.',
      ],
      [
        { ...oidc, NIGHTSAFE_OIDC_JWKS_URL: 'http://id.example.test/keys' },
        'NIGHTSAFE_OIDC_JWKS_URL must be an https URL without a password, or http on this machine.',
      ],
      [
        { ...oidc, NIGHTSAFE_OIDC_JWKS_URL: 'https://nightsafe:fake-canary@id.example.test/keys' },
        'NIGHTSAFE_OIDC_JWKS_URL must be an https URL without a password, or http on this machine.',
      ],
      ...['none', 'RS256,HS256', 'hs512', 'None'].map((algorithms): [NodeJS.ProcessEnv, string] => [
        { ...oidc, NIGHTSAFE_OIDC_ALGORITHMS: algorithms },
        'NIGHTSAFE_OIDC_ALGORITHMS must not contain none or HS*: the keys of an issuer are public, and anybody could sign with them.',
      ]),
      [
        { ...oidc, NIGHTSAFE_OIDC_ALGORITHMS: 'RS256,' },
        'NIGHTSAFE_OIDC_ALGORITHMS must be a comma-separated list of RS*, PS*, ES* or EdDSA algorithms, such as RS256,ES256.',
      ],
      [
        { ...oidc, NIGHTSAFE_OIDC_CLOCK_TOLERANCE_SECONDS: '301' },
        'NIGHTSAFE_OIDC_CLOCK_TOLERANCE_SECONDS must be a whole number from 0 to 300.',
      ],
      [
        { ...oidc, NIGHTSAFE_OIDC_PROVISION: 'Acme Inc' },
        'NIGHTSAFE_OIDC_PROVISION must be the slug of an organization: lower-case letters, digits and hyphens.',
      ],
      [
        { ...oidc, NIGHTSAFE_OIDC_PROVISION_ROLE: 'AUDITOR' },
        'NIGHTSAFE_OIDC_PROVISION_ROLE must come together with NIGHTSAFE_OIDC_PROVISION.',
      ],
      ...['ADMIN', 'member'].map((role): [NodeJS.ProcessEnv, string] => [
        { ...oidc, NIGHTSAFE_OIDC_PROVISION: 'acme', NIGHTSAFE_OIDC_PROVISION_ROLE: role },
        'NIGHTSAFE_OIDC_PROVISION_ROLE must be MEMBER or AUDITOR: an administrator is appointed by another, never by a first sign-in.',
      ]),
    ];
    for (const [env, sentence] of cases) {
      const [name, value] = Object.entries(env).at(-1) ?? [];
      it(`${name}=${value}`, () => expect(refusalOf(env)).to.equal(sentence));
    }
  });

  it('describes every variable in one line, with the default that is really used', () => {
    const described = describeVariables();
    for (const { name, description } of described) expect(description, name).to.match(/^\S[^\n]*\.$/);

    const literal = described.filter((variable) => !/NIGHTSAFE|policies/.test(variable.default) && variable.default);
    const withDefaults = Object.fromEntries(literal.map((variable) => [variable.name, variable.default]));
    const { NIGHTSAFE_OIDC_PROVISION_ROLE: role, ...others } = withDefaults;
    expect(readConfig({ ...oidc, ...others })).to.deep.equal(readConfig(oidc));
    expect(role).to.equal('MEMBER');

    const files = described.filter((variable) => variable.default.includes('NIGHTSAFE_HOME/'));
    const inHome = files.map((variable) => [variable.name, variable.default.replace('NIGHTSAFE_HOME', home)]);
    expect(inHome).to.have.length(5);
    expect(readConfig(Object.fromEntries(inHome))).to.deep.equal(readConfig({}));
  });
});
