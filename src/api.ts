/**
 * The api process: it seals, signs and decides. Nothing that it imports can open a value; a test walks its import graph.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import { purgeDecisions } from './audit/decision-log.js';
import { DeniedDecisions } from './audit/denied-decisions.js';
import { createAuthentication } from './authentication/authenticate.js';
import { loadDemoProvider } from './authentication/demo-issuer.js';
import { createJwtVerifier } from './authentication/json-web-token.js';
import { PolicyHolder, proveSql, watchPolicies } from './authz/index.js';
import type { Config } from './config.js';
import { Database } from './database/database.js';
import { seedDemo } from './demo/seed.js';
import { safeApolloOptions } from './graphql/apollo-options.js';
import type { RequestContext, Services } from './graphql/context.js';
import { createContext } from './graphql/create-context.js';
import { createNightsafeServer, defaultMaxBodyBytes } from './graphql/http-server.js';
import { defaultOperationLimits } from './graphql/limits.js';
import { buildGuardedSchema } from './graphql/schema.js';
import { forgetAnswers } from './graphql/write.js';
import type { Logger } from './log.js';
import { purgeRuns } from './modules/run/purge-runs.js';
import { RunChanges } from './modules/run/run-changes.js';
import { purgeSecretKeys } from './modules/secret-key/purge-secret-keys.js';
import { OperatorError } from './operator-error.js';
import { playgroundDirectory } from './paths.js';
import { openRunQueue } from './queue/run-queue.js';
import { readKeyFile } from './vault/keys.js';
import { createWriter } from './vault/writer.js';

export interface Api {
  readonly port: number;
  readonly services: Services;
  /** Whether people of the demo organization can sign in. */
  readonly isDemo: boolean;
  /** Takes up changed policies when they are right; otherwise the log and /readyz say so. */
  reloadPolicies(): void;
  /** Finishes requests in flight, then closes the database. */
  close(): Promise<void>;
}

/** How often deleted keys and old answers are looked through, in milliseconds. */
const housekeepingInterval = 60 * 60 * 1000;

/** How often denied changes are written to the decision log, in milliseconds. */
const deniedInterval = 5_000;

/** Starts serving. Throws when anything it needs is missing or wrong; nothing is left open then but what the process's end closes. */
export async function startApi(config: Config, log: Logger, clock: () => number = Date.now): Promise<Api> {
  if (config.playground && !existsSync(join(playgroundDirectory, 'index.html'))) {
    throw new OperatorError(
      'The playground has not been built. Run `npm run build`, or set NIGHTSAFE_PLAYGROUND to 0.',
    );
  }
  const policies = new PolicyHolder(config.policiesFolder, log);
  const writerPublicKey = readKeyFile(config.writerPublicKeyFile, 'writer-public');
  const writer = createWriter({
    writerPrivateKey: readKeyFile(config.writerKeyFile, 'writer-private'),
    writerPublicKey,
    rootPublicKey: readKeyFile(config.rootPublicKeyFile, 'root-public'),
  });
  const database = await Database.open(config.database);
  await policies.require(({ catalogue }) => proveSql(catalogue, (sql, parameters) => database.query(sql, parameters)));
  const runQueue = await openRunQueue(config, writerPublicKey, log);
  const deniedDecisions = new DeniedDecisions();
  const services: Services = {
    database,
    get policies() {
      return policies.current;
    },
    writer,
    defaultIssuer: config.oidc?.provider.issuer ?? null,
    retentionDays: config.retentionDays,
    runsQueuedMost: config.runsQueuedMost,
    stepLimits: config.runner,
    runQueue,
    runChanges: new RunChanges(database),
    ...(config.decisionLogDays > 0 && { deniedDecisions }),
    clock,
  };
  const demoProvider = config.demo ? await loadDemoProvider(config.home) : null;
  if (demoProvider !== null) await seedDemo(services, demoProvider.issuer, log);
  const [demo] = await database.query('SELECT id FROM organization WHERE is_demo = 1 LIMIT 1');
  // Demo tokens are worth nothing where there is no demo organization.
  const isDemo = demoProvider !== null && demo !== undefined;
  const providers = [...(config.oidc ? [config.oidc.provider] : []), ...(isDemo && demoProvider ? [demoProvider] : [])];

  const apollo = new ApolloServer<RequestContext>({
    schema: buildGuardedSchema(policies.current),
    ...safeApolloOptions<RequestContext>({
      log,
      limits: defaultOperationLimits,
      rateLimit: { points: config.mutationsPerMinute, perSeconds: 60 },
      introspection: config.introspection,
    }),
  });
  await apollo.start();
  const authentication = createAuthentication(services, createJwtVerifier(providers), config.oidc?.provision ?? null);
  const server = createNightsafeServer<RequestContext>({
    apollo,
    ...authentication,
    // A request keeps the policies that it began with.
    contextFor: (request) => createContext({ ...services, policies: policies.current }, request),
    readiness: async () => ({
      database: (await database.isReachable()) ? 'ok' : 'not reachable',
      policies: 'ok',
    }),
    about: () => ({
      policyVersion: policies.current.version,
      ...(policies.wasRefused && { policyReload: 'refused' }),
    }),
    playground: config.playground ? { directory: playgroundDirectory } : null,
    maxBodyBytes: defaultMaxBodyBytes,
    log,
  });
  const { port } = await server.listen(config.port, config.host);

  const keepHouse = () =>
    Promise.all([
      purgeSecretKeys(database, config.retentionDays, clock()),
      purgeRuns(database, config.runRetentionDays, clock()),
      purgeDecisions(database, config.decisionLogDays, clock()),
      forgetAnswers(database, clock()),
    ]).catch((error: unknown) => log.error({ err: error }, 'housekeeping failed'));
  void keepHouse();
  const timers = [
    setInterval(keepHouse, housekeepingInterval).unref(),
    setInterval(() => deniedDecisions.flush(database, log), deniedInterval).unref(),
  ];
  const reloadPolicies = () => void policies.reload();
  const endWatch = config.policyWatch ? watchPolicies(config.policiesFolder, reloadPolicies) : () => undefined;
  return {
    port,
    services,
    isDemo,
    reloadPolicies,
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      endWatch();
      policies.close();
      await server.close();
      await apollo.stop();
      await runQueue.close();
      await deniedDecisions.flush(database, log);
      await database.close();
    },
  };
}
