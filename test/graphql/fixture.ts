/** A server with a small schema of its own, its log kept in memory. */
import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { buildSchema, GraphQLError, type GraphQLObjectType, GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { ApiError, notFound } from '../../src/errors.js';
import { safeApolloOptions } from '../../src/graphql/apollo-options.js';
import type { RequestScope } from '../../src/graphql/format-error.js';
import {
  createNightsafeServer,
  type HttpServerOptions,
  type RequestContextInput,
} from '../../src/graphql/http-server.js';
import { defaultOperationLimits, type OperationLimits } from '../../src/graphql/limits.js';
import type { RateLimit } from '../../src/graphql/rate-limit.js';
import type { GranteeId, OrganizationId } from '../../src/ids.js';
import { createLogger, type Logger } from '../../src/log.js';
import type { Principal } from '../../src/principal.js';

/** Not a secret. Letters, digits and underscores, so that it can also be a name in a GraphQL document. */
export const canary = 'canary_sk_live_51Nnotasecret';

export const sdl = `
  scalar DateTime
  enum SecretValueEncoding { UTF8 BASE64 }
  input SecretGrantInput { granteeId: ID! permission: SecretValueEncoding! }
  input OwnerInput @oneOf { person: ID group: ID }
  input CreateSecretKeyInput {
    name: String! value: String! valueEncoding: SecretValueEncoding = UTF8
    allowedHosts: [String!] grants: [SecretGrantInput!] owner: OwnerInput expiresAt: DateTime revision: Int
  }
  input SecretKeyFilter { search: String or: [SecretKeyFilter!] }
  interface Node { id: ID! }
  type SecretKey implements Node {
    id: ID! name: String! idempotencyKey: String
    references(first: Int = 20, last: Int, after: String): SecretKeyConnection
    versions(first: Int): [SecretKey!]
    grants: [SecretKey!]
    uses: [SecretKey!]
    history: String
    creator: Viewer
  }
  type SecretKeyEdge { node: SecretKey! }
  type SecretKeyConnection { edges: [SecretKeyEdge!]! }
  type Viewer implements Node { id: ID! name: String! organization: Organization! }
  type Organization { name: String! viewer: Viewer! }
  type Query {
    viewer: Viewer!
    node(id: ID!): Node
    secretKey(id: ID!): SecretKey
    secretKeys(first: Int = 50, last: Int, filter: SecretKeyFilter): SecretKeyConnection!
    failing: String
    alsoFailing: String
    rejected: String
    misreported: String
  }
  type Mutation {
    createSecretKey(input: CreateSecretKeyInput!): SecretKey!
    updateSecretValue(id: ID!, value: String!, at: DateTime): SecretKey!
  }
`;

export interface TestContext extends RequestContextInput {
  [key: string]: unknown;
}

/** What a database driver throws: the statement and its parameters are in the text and in properties. */
export class DriverError extends Error {
  override readonly name = 'QueryFailedError';
  readonly code = 'SQLITE_CONSTRAINT';
  readonly errno = 19;
  readonly sqlState = '23000';
  readonly query = `INSERT INTO secret_key VALUES ('${canary}')`;
  readonly parameters = [canary];

  constructor() {
    super(`constraint failed:\n    at ${canary} (file.js:1:1)\nINSERT '${canary}'`);
  }
}

const viewer = () => ({ id: 'v', name: 'Ada', organization: { name: 'Lovelace', viewer } });

const rootValue = {
  viewer,
  node: () => null,
  secretKey() {
    throw notFound();
  },
  secretKeys: () => ({ edges: [] }),
  failing() {
    throw new DriverError();
  },
  alsoFailing() {
    throw new GraphQLError(`it was ${canary}`, { extensions: { code: 'BAD_USER_INPUT' } });
  },
  rejected() {
    throw new GraphQLError('wrapped', {
      originalError: new ApiError('FORBIDDEN', 'You are not allowed to do this.', {}, 'rule team-read'),
    });
  },
  misreported: () => ({ text: canary }),
  createSecretKey: (_: unknown, { idempotencyKey }: TestContext) => ({ id: 'k', name: 'Payments', idempotencyKey }),
  updateSecretValue: () => ({ id: 'k', name: 'Payments' }),
};

const parseDate = (value: unknown): Date => {
  const date = new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new TypeError(`${String(value)} is not a date`);
  return date;
};

export function testSchema() {
  const schema = buildSchema(sdl);
  const dateTime = schema.getType('DateTime') as GraphQLScalarType;
  dateTime.parseValue = parseDate;
  dateTime.parseLiteral = (node, variables) => parseDate(valueFromASTUntyped(node, variables));
  const { uses, history } = (schema.getType('SecretKey') as GraphQLObjectType).getFields();
  for (const field of [uses, history]) if (field) field.extensions = { complexity: 30 };
  return schema;
}

export const principalNamed = (name: string): Principal => ({
  kind: 'PERSON',
  id: name as GranteeId,
  organizationId: 'organization' as OrganizationId,
  name,
  role: 'MEMBER',
  permissionSets: [],
  groupIds: [],
  granteeIds: [name],
});

export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Every line written so far, parsed. */
  lines(): Record<string, unknown>[];
  logText(): string;
  /** Sends an operation with a good token, and asks for `application/graphql-response+json`. */
  send(query: string, variables?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: { data?: unknown; errors?: readonly Record<string, unknown>[] };
}

export const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
};

export interface TestSettings {
  readonly limits?: OperationLimits;
  readonly rateLimit?: RateLimit;
  readonly introspection?: boolean;
  readonly plugins?: ApolloServerPlugin<TestContext>[];
  readonly server?: Partial<HttpServerOptions<TestContext>>;
}

/** Tokens are `token-<name>`; with any other the caller is a stranger. */
export async function startServer({
  limits = defaultOperationLimits,
  rateLimit = { points: 0, perSeconds: 60 },
  introspection = true,
  plugins = [],
  server: overrides = {},
}: TestSettings = {}): Promise<TestServer> {
  const { log, lines, text } = memoryLog();
  const apollo = new ApolloServer<TestContext>({
    schema: testSchema(),
    rootValue,
    ...safeApolloOptions<TestContext>({ log, limits, rateLimit, introspection }),
  });
  for (const plugin of plugins) apollo.addPlugin(plugin);
  await apollo.start();
  async function authenticate({ authorization }: { readonly authorization: string | undefined }) {
    const name = /^Bearer token-(\w+)$/.exec(authorization ?? '')?.[1];
    if (name === undefined) throw new ApiError('UNAUTHENTICATED', 'A valid bearer token is needed.');
    return principalNamed(name);
  }
  const server = createNightsafeServer<TestContext>({
    apollo,
    admit: async (credentials) => void (await authenticate(credentials)),
    authenticate,
    contextFor: (request) => ({ ...request }),
    readiness: async () => ({ database: 'ok' }),
    playground: null,
    maxBodyBytes: 256 * 1024,
    log,
    ...overrides,
  });
  const { port } = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    lines,
    logText: text,
    async send(query, variables, headers = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          authorization: 'Bearer token-ada',
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      return answerOf(response);
    },
    async close() {
      await server.close();
      await apollo.stop();
    },
  };
}

export function memoryLog(): { log: Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  return {
    log: createLogger({ level: 'debug', pretty: false, destination }),
    lines: () => written.map((line) => JSON.parse(line)),
    text: () => written.join(''),
  };
}

/** A request scope whose log is thrown away. */
export const quietScope = (): RequestScope => ({
  requestId: 'r-1',
  log: createLogger({ level: 'silent', pretty: false, destination: { write: () => undefined } }),
});

/** Writes bytes to the server as they are; resolves with what came back when the server, or `until`, ends the exchange. */
export function speak(port: number, bytes: string, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      heard += text;
      if (until.test(heard)) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}

/** Sends the bytes and hangs up. */
export function giveUp(port: number, bytes: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, () => socket.destroy()));
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

/** The first result that is not empty. */
export async function eventually<Item>(find: () => Item[]): Promise<Item[]> {
  for (;;) {
    const found = find();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function playgroundFolder(): { directory: string; remove: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'nightsafe-playground-'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Playground</title>');
  writeFileSync(join(directory, 'main.js'), 'export {};');
  return { directory, remove: () => rmSync(directory, { recursive: true }) };
}
