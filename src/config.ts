/** The environment, parsed once. What is missing gets its default; what is wrong stops the start with one sentence. */
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import {
  isKeySetUrl,
  isSignatureAlgorithm,
  type JwtProvider,
  type KeySource,
  type SignatureAlgorithm,
} from './authentication/jwt-provider.js';
import type { PersonRole } from './principal.js';
import { bubblewrapModes, type RunnerSettings, readRunnerSettings } from './runner-settings.js';

/** `message` is one sentence that names the variable and what it must be, and never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Keeps a secret setting out of everything that prints the object around it. */
export class Redacted {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}

export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'mysql';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: Redacted;
      readonly database: string;
      readonly tls: boolean;
    };

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What becomes of a person whose valid token is the first one seen: a member of this organization, in this role. */
export interface Provision {
  readonly organizationSlug: string;
  readonly role: Exclude<PersonRole, 'ADMIN'>;
}

export interface OidcConfig {
  readonly provider: JwtProvider;
  /** null: only people whom an administrator has added get in. */
  readonly provision: Provision | null;
}

/** Every path is absolute. */
export interface Config {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly home: string;
  readonly database: DatabaseConfig;
  readonly demo: boolean;
  readonly retentionDays: number;
  readonly runRetentionDays: number;
  /** For each organization. */
  readonly runsQueuedMost: number;
  readonly policiesFolder: string;
  /** Whether a change of the policies is taken up when it is seen. */
  readonly policyWatch: boolean;
  /** 0: no decision is logged. */
  readonly decisionLogDays: number;
  readonly rootKeyFile: string;
  readonly rootPublicKeyFile: string;
  readonly writerKeyFile: string;
  readonly writerPublicKeyFile: string;
  readonly playground: boolean;
  readonly introspection: boolean;
  /** For each principal; 0: no limit. */
  readonly mutationsPerMinute: number;
  /** 0: any free port. */
  readonly runnerPort: number;
  /** null: the api and the runner are on one machine. */
  readonly redisUrl: Redacted | null;
  readonly runner: RunnerSettings;
  readonly logLevel: LogLevel;
  readonly oidc: OidcConfig | null;
}

interface Variable {
  /** As text, the way it would be set; where it depends on another variable, that name stands in its place. */
  readonly default: string;
  readonly description: string;
}

const variables = {
  PORT: { default: '4000', description: 'Port of the GraphQL API; 0 takes any free one.' },
  HOST: { default: '127.0.0.1', description: 'Address to listen on; 0.0.0.0 in a container.' },
  LOG_LEVEL: { default: 'info', description: `One of ${logLevels.join(', ')}.` },
  DATABASE_URL: {
    default: 'sqlite:NIGHTSAFE_HOME/nightsafe.sqlite',
    description:
      'sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE, with ?ssl=true for TLS; USER, PASSWORD and DATABASE are percent-encoded.',
  },
  NIGHTSAFE_HOME: { default: './.nightsafe', description: 'Folder of keys and of the SQLite database.' },
  NIGHTSAFE_DEMO: {
    default: '1',
    description: '1 puts a demo organization into an empty database; 0 leaves it empty.',
  },
  NIGHTSAFE_RETENTION_DAYS: {
    default: '30',
    description: 'Days in which a deleted key can be restored, 0 to 3650; then its value is erased.',
  },
  NIGHTSAFE_RUN_RETENTION_DAYS: {
    default: '30',
    description: 'Days for which runs are kept after their end, 0 to 3650; then only their number is.',
  },
  NIGHTSAFE_RUNS_QUEUED_MOST: {
    default: '10000',
    description: 'Runs that one organization may have waiting, 1 to 1000000.',
  },
  NIGHTSAFE_POLICIES: { default: 'the policies that come with Nightsafe', description: 'Folder of the policy files.' },
  NIGHTSAFE_POLICY_WATCH: {
    default: '0',
    description:
      '1 takes up a change of the policies as soon as the files change, for development; 0 does so on the signal SIGHUP alone.',
  },
  NIGHTSAFE_DECISION_LOG_DAYS: {
    default: '30',
    description: 'Days for which decisions are kept for `nightsafe policy replay`, 0 to 3650; 0 logs none.',
  },
  NIGHTSAFE_ROOT_KEY_FILE: {
    default: 'NIGHTSAFE_HOME/keys/root.key',
    description: 'Root private key, which opens values. The runner alone reads it.',
  },
  NIGHTSAFE_ROOT_PUBLIC_KEY_FILE: {
    default: 'NIGHTSAFE_HOME/keys/root.pub',
    description: 'Root public key, which seals values.',
  },
  NIGHTSAFE_WRITER_KEY_FILE: {
    default: 'NIGHTSAFE_HOME/keys/writer.key',
    description: 'Private key with which the API signs what it has sealed.',
  },
  NIGHTSAFE_WRITER_PUBLIC_KEY_FILE: {
    default: 'NIGHTSAFE_HOME/keys/writer.pub',
    description: 'Public key with which the runner checks that the API has sealed a value.',
  },
  NIGHTSAFE_PLAYGROUND: { default: '1', description: '1 serves the playground in the browser; 0 does not.' },
  NIGHTSAFE_INTROSPECTION: {
    default: 'NIGHTSAFE_PLAYGROUND',
    description: '1 lets people who are signed in read the schema; 0 does not.',
  },
  NIGHTSAFE_MUTATIONS_PER_MINUTE: {
    default: '120',
    description: 'Mutations that one principal may send in a minute; 0 sets no limit.',
  },
  NIGHTSAFE_RUNNER_PORT: { default: '4001', description: 'Port of the runner; 0 takes any free one.' },
  REDIS_URL: {
    default: '',
    description:
      'redis:// or rediss:// URL of the Redis through which the API reaches runners on other machines; empty: both are on this one.',
  },
  NIGHTSAFE_PRIVATE_HOSTS: {
    default: '',
    description:
      'Hosts with private addresses that requests may go to, with commas between them, such as localhost:8080,10.0.0.5; requests reach public addresses alone otherwise.',
  },
  NIGHTSAFE_RUNS_AT_ONCE: { default: '10', description: 'Runs that one runner works on at once, 1 to 1000.' },
  NIGHTSAFE_RUNS_AT_ONCE_PER_ORGANIZATION: {
    default: '5',
    description: 'Runs of one organization at once, on all runners, 1 to 1000.',
  },
  NIGHTSAFE_RUNS_PER_MINUTE_PER_ORGANIZATION: {
    default: '0',
    description: 'Runs of one organization that start in a minute; more wait. 0 sets no limit.',
  },
  NIGHTSAFE_RUN_LEASE_SECONDS: {
    default: '30',
    description: 'Seconds after which the runs of a runner that was killed count as interrupted, 3 to 3600.',
  },
  NIGHTSAFE_REQUEST_SECONDS: {
    default: '10',
    description: 'Seconds for a request of a step that says no time, 1 to 600.',
  },
  NIGHTSAFE_REQUEST_SECONDS_MOST: {
    default: '60',
    description: 'Seconds that a step may give a request, 1 to 600.',
  },
  NIGHTSAFE_REDIRECTS: { default: '3', description: 'Redirects that a request follows, 0 to 20.' },
  NIGHTSAFE_URL_KIBIBYTES: {
    default: '16',
    description: 'Kibibytes that the URL of a request may have with its query, before it is escaped, 1 to 1024.',
  },
  NIGHTSAFE_REQUEST_HEADER_KIBIBYTES: {
    default: '64',
    description: 'Kibibytes that the headers of a request may have, 1 to 1024.',
  },
  NIGHTSAFE_REQUEST_MEBIBYTES: {
    default: '8',
    description: 'Mebibytes that a request may have in all, before it is escaped, 1 to 100.',
  },
  NIGHTSAFE_RESPONSE_HEADER_KIBIBYTES: {
    default: '16',
    description: 'Kibibytes that the headers of an answer may have, 1 to 1024.',
  },
  NIGHTSAFE_RESPONSE_MEBIBYTES: {
    default: '5',
    description: 'Mebibytes that the answer to a request may have after decoding, 1 to 100.',
  },
  NIGHTSAFE_RUN_RESPONSES_MEBIBYTES: {
    default: '32',
    description:
      'Mebibytes of answers that the code of one run may have under way at once, 1 to 1024; further requests of it wait. One is always under way.',
  },
  NIGHTSAFE_STEP_LOG_KIBIBYTES: {
    default: '256',
    description: 'Kibibytes of what a step logs that are kept, 0 to 16384.',
  },
  NIGHTSAFE_RUN_OUTPUT_MEBIBYTES: {
    default: '16',
    description:
      'Mebibytes that the outputs and logs of a run may have together, 1 to 1024; the step that exceeds it fails.',
  },
  NIGHTSAFE_BUBBLEWRAP: {
    default: 'auto',
    description: `Whether code runs inside bubblewrap: ${bubblewrapModes.join(', ')}; auto: where it works.`,
  },
  NIGHTSAFE_CODE_KIBIBYTES: { default: '256', description: 'Kibibytes that the code of a step may have, 1 to 256.' },
  NIGHTSAFE_CODE_VARIABLE_MEBIBYTES: {
    default: '8',
    description: 'Mebibytes that the variables of code may have together, 1 to 64.',
  },
  NIGHTSAFE_CODE_SECONDS: {
    default: '30',
    description: 'Seconds that code may take, waiting included, 1 to 600; a step may ask for fewer.',
  },
  NIGHTSAFE_CODE_MEMORY_MEBIBYTES: { default: '64', description: 'Mebibytes that code may use, 8 to 1024.' },
  NIGHTSAFE_CODE_CPU_MILLISECONDS: {
    default: '1000',
    description: 'Milliseconds that code may compute, 10 to 60000.',
  },
  NIGHTSAFE_CODE_LOG_LINES: { default: '1000', description: 'Lines that code may log in a run, 0 to 100000.' },
  NIGHTSAFE_CODE_RESULT_KIBIBYTES: {
    default: '1024',
    description:
      'Kibibytes that the output of code, and the argument of one of its calls, may have as JSON, 1 to 16384.',
  },
  NIGHTSAFE_CODE_REQUESTS: { default: '50', description: 'Requests that the code of a run may send, 0 to 1000.' },
  NIGHTSAFE_CODE_CALLS_AT_ONCE: {
    default: '64',
    description: 'Calls of the runner, requests among them, that code may have under way at once, 1 to 1000.',
  },
  NIGHTSAFE_CODE_RUNS_PER_PROCESS: {
    default: '200',
    description: 'Runs of code after which a process of the sandbox is replaced, 1 to 100000.',
  },
  NIGHTSAFE_OIDC_ISSUER: {
    default: '',
    description: 'Issuer whose tokens sign people in, exactly as its `iss` claim.',
  },
  NIGHTSAFE_OIDC_AUDIENCE: { default: '', description: 'What the `aud` claim of a token must contain.' },
  NIGHTSAFE_OIDC_JWKS_URL: {
    default: '',
    description: "Address of the issuer's public keys; https, or http on this machine.",
  },
  NIGHTSAFE_OIDC_JWKS_FILE: { default: '', description: "File of the issuer's public keys, instead of an address." },
  NIGHTSAFE_OIDC_ALGORITHMS: {
    default: 'RS256,ES256,EdDSA,PS256',
    description: 'Signature algorithms to accept, with commas between them.',
  },
  NIGHTSAFE_OIDC_CLOCK_TOLERANCE_SECONDS: {
    default: '30',
    description: "Seconds by which the issuer's clock may differ, 0 to 300.",
  },
  NIGHTSAFE_OIDC_PROVISION: {
    default: '',
    description:
      'Slug of the organization that people join when they first sign in; empty: nobody joins by signing in.',
  },
  NIGHTSAFE_OIDC_PROVISION_ROLE: { default: 'MEMBER', description: 'Role in which they join: MEMBER or AUDITOR.' },
} as const satisfies Record<string, Variable>;

type VariableName = keyof typeof variables;
const variableNames = Object.keys(variables) as VariableName[];

/** Every variable that Nightsafe reads, in the order in which a reader wants them. */
export function describeVariables(): ({ readonly name: string } & Variable)[] {
  return variableNames.map((name) => ({ name, ...variables[name] }));
}

/** An empty variable counts as one that is not set. Throws `ConfigError` at the first setting that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  refuseUnknownNames(env);
  const read = readerOf(env);
  const home = read.path('NIGHTSAFE_HOME');
  const playground = read.flag('NIGHTSAFE_PLAYGROUND');

  const config: Config = {
    port: read.integer('PORT', 0, 65_535),
    host: read.host('HOST'),
    home,
    database: readDatabase(read, home),
    demo: read.flag('NIGHTSAFE_DEMO'),
    retentionDays: read.integer('NIGHTSAFE_RETENTION_DAYS', 0, 3650),
    runRetentionDays: read.integer('NIGHTSAFE_RUN_RETENTION_DAYS', 0, 3650),
    runsQueuedMost: read.integer('NIGHTSAFE_RUNS_QUEUED_MOST', 1, 1_000_000),
    policiesFolder: read.path('NIGHTSAFE_POLICIES', fileURLToPath(new URL('../../policies', import.meta.url))),
    policyWatch: read.flag('NIGHTSAFE_POLICY_WATCH'),
    decisionLogDays: read.integer('NIGHTSAFE_DECISION_LOG_DAYS', 0, 3650),
    rootKeyFile: read.path('NIGHTSAFE_ROOT_KEY_FILE', join(home, 'keys/root.key')),
    rootPublicKeyFile: read.path('NIGHTSAFE_ROOT_PUBLIC_KEY_FILE', join(home, 'keys/root.pub')),
    writerKeyFile: read.path('NIGHTSAFE_WRITER_KEY_FILE', join(home, 'keys/writer.key')),
    writerPublicKeyFile: read.path('NIGHTSAFE_WRITER_PUBLIC_KEY_FILE', join(home, 'keys/writer.pub')),
    playground,
    introspection: read.flag('NIGHTSAFE_INTROSPECTION', playground),
    mutationsPerMinute: read.integer('NIGHTSAFE_MUTATIONS_PER_MINUTE', 0, 1_000_000),
    runnerPort: read.integer('NIGHTSAFE_RUNNER_PORT', 0, 65_535),
    redisUrl: readRedisUrl(read),
    runner: readRunnerSettings(read),
    logLevel: read.oneOf('LOG_LEVEL', logLevels),
    oidc: readOidc(read),
  };
  if (config.port !== 0 && config.port === config.runnerPort) {
    throw new ConfigError('NIGHTSAFE_RUNNER_PORT must differ from PORT.');
  }
  return config;
}

export type ConfigReader = ReturnType<typeof readerOf>;

function readerOf(env: NodeJS.ProcessEnv) {
  const optional = (name: VariableName): string | null => env[name] || null;
  const text = (name: VariableName): string => optional(name) ?? variables[name].default;
  const refuse = (name: VariableName, must: string): never => {
    throw new ConfigError(`${name} must ${must}.`);
  };
  return {
    optional,
    text,
    refuse,
    path: (name: VariableName, fallback: string = variables[name].default): string =>
      resolve(optional(name) ?? fallback),
    flag(name: VariableName, fallback = variables[name].default === '1'): boolean {
      const given = optional(name);
      if (given === null) return fallback;
      return given === '1' || (given !== '0' && refuse(name, 'be 1 or 0'));
    },
    integer(name: VariableName, least: number, most: number): number {
      const value = /^\d{1,9}$/.test(text(name)) ? Number(text(name)) : Number.NaN;
      return value >= least && value <= most ? value : refuse(name, `be a whole number from ${least} to ${most}`);
    },
    oneOf<Choice extends string>(name: VariableName, choices: readonly Choice[]): Choice {
      return choices.find((choice) => choice === text(name)) ?? refuse(name, `be one of ${choices.join(', ')}`);
    },
    host(name: VariableName): string {
      const value = text(name);
      return isIP(value) || /^[\w.-]+$/.test(value) ? value : refuse(name, 'be an IP address or a host name');
    },
  };
}

function readDatabase(read: ConfigReader, home: string): DatabaseConfig {
  const url = read.optional('DATABASE_URL');
  if (url === null) return { kind: 'sqlite', path: join(home, 'nightsafe.sqlite') };

  const path = /^sqlite:(.+)$/s.exec(url)?.[1];
  if (path === ':memory:') {
    return read.refuse('DATABASE_URL', 'name a file: the API and the runner are two processes and cannot share memory');
  }
  if (path !== undefined) return { kind: 'sqlite', path: resolve(path) };
  return (
    parseMysqlUrl(url) ??
    read.refuse(
      'DATABASE_URL',
      'be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE, the latter with percent-encoded parts and at most ?ssl=true or ?ssl=false after it',
    )
  );
}

/** null when the text is no such URL; no reason is given, as the one that the URL parser gives repeats the password. */
function parseMysqlUrl(text: string): DatabaseConfig | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const user = percentDecoded(url.username);
  const password = percentDecoded(url.password);
  const database = percentDecoded(url.pathname.slice(1));
  const hasTheForm =
    url.protocol === 'mysql:' &&
    url.hostname !== '' &&
    /^\/[^/]+$/.test(url.pathname) &&
    /^(?:\?ssl=(?:true|false))?$/.test(url.search) &&
    url.hash === '';
  if (!hasTheForm || !user || password === null || database === null) return null;
  return {
    kind: 'mysql',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 3306),
    user,
    password: new Redacted(password),
    database,
    tls: url.search === '?ssl=true',
  };
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function readRedisUrl(read: ConfigReader): Redacted | null {
  const url = read.optional('REDIS_URL');
  if (url === null) return null;
  const isRedis = URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol) && new URL(url).hostname !== '';
  return isRedis ? new Redacted(url) : read.refuse('REDIS_URL', 'be a redis:// or rediss:// URL');
}

function readOidc(read: ConfigReader): OidcConfig | null {
  const issuer = read.optional('NIGHTSAFE_OIDC_ISSUER');
  if (issuer === null) {
    const orphan = variableNames.find((name) => name.startsWith('NIGHTSAFE_OIDC_') && read.optional(name) !== null);
    return orphan ? read.refuse(orphan, 'come together with NIGHTSAFE_OIDC_ISSUER') : null;
  }
  if (!/^https?:\/\/[^\s?#]+$/.test(issuer)) {
    read.refuse('NIGHTSAFE_OIDC_ISSUER', 'be an http or https URL without query and fragment');
  }
  return {
    provider: {
      issuer,
      audience:
        read.optional('NIGHTSAFE_OIDC_AUDIENCE') ??
        read.refuse('NIGHTSAFE_OIDC_AUDIENCE', 'be set together with NIGHTSAFE_OIDC_ISSUER'),
      algorithms: readAlgorithms(read),
      clockToleranceSeconds: read.integer('NIGHTSAFE_OIDC_CLOCK_TOLERANCE_SECONDS', 0, 300),
      keys: readKeySource(read),
    },
    provision: readProvision(read),
  };
}

function readAlgorithms(read: ConfigReader): SignatureAlgorithm[] {
  const name = 'NIGHTSAFE_OIDC_ALGORITHMS';
  return read
    .text(name)
    .split(',')
    .map((part) => part.trim())
    .map((algorithm) => {
      if (isSignatureAlgorithm(algorithm)) return algorithm;
      return /^(?:none|HS\d*)$/i.test(algorithm)
        ? read.refuse(
            name,
            'not contain none or HS*: the keys of an issuer are public, and anybody could sign with them',
          )
        : read.refuse(name, 'be a comma-separated list of RS*, PS*, ES* or EdDSA algorithms, such as RS256,ES256');
    });
}

function readKeySource(read: ConfigReader): KeySource {
  const url = read.optional('NIGHTSAFE_OIDC_JWKS_URL');
  const file = read.optional('NIGHTSAFE_OIDC_JWKS_FILE');
  if (url !== null && file !== null) {
    throw new ConfigError('NIGHTSAFE_OIDC_JWKS_URL and NIGHTSAFE_OIDC_JWKS_FILE must not both be set.');
  }
  if (file !== null) return { file: resolve(file) };
  if (url === null) {
    throw new ConfigError(
      'NIGHTSAFE_OIDC_JWKS_URL or NIGHTSAFE_OIDC_JWKS_FILE must be set together with NIGHTSAFE_OIDC_ISSUER.',
    );
  }
  return isKeySetUrl(url)
    ? { url }
    : read.refuse('NIGHTSAFE_OIDC_JWKS_URL', 'be an https URL without a password, or http on this machine');
}

function readProvision(read: ConfigReader): Provision | null {
  const organizationSlug = read.optional('NIGHTSAFE_OIDC_PROVISION');
  const role = read.text('NIGHTSAFE_OIDC_PROVISION_ROLE');
  if (organizationSlug === null) {
    return read.optional('NIGHTSAFE_OIDC_PROVISION_ROLE') === null
      ? null
      : read.refuse('NIGHTSAFE_OIDC_PROVISION_ROLE', 'come together with NIGHTSAFE_OIDC_PROVISION');
  }
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(organizationSlug)) {
    read.refuse('NIGHTSAFE_OIDC_PROVISION', 'be the slug of an organization: lower-case letters, digits and hyphens');
  }
  if (role !== 'MEMBER' && role !== 'AUDITOR') {
    return read.refuse(
      'NIGHTSAFE_OIDC_PROVISION_ROLE',
      'be MEMBER or AUDITOR: an administrator is appointed by another, never by a first sign-in',
    );
  }
  return { organizationSlug, role };
}

/** A misspelt variable would silently do nothing. */
function refuseUnknownNames(env: NodeJS.ProcessEnv): void {
  const known = new Set<string>(variableNames);
  const unknown = Object.keys(env).find((name) => name.startsWith('NIGHTSAFE_') && !known.has(name));
  if (unknown === undefined) return;
  const [nearest] = variableNames
    .map((name) => ({ name, distance: editDistance(unknown, name) }))
    .sort((a, b) => a.distance - b.distance);
  throw new ConfigError(`${unknown} is not a setting of Nightsafe; the nearest one is ${nearest?.name}.`);
}

/** Levenshtein's distance: insertions, deletions and replacements of one character (Wagner and Fischer, 1974). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, character] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (character === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
