/** How Apollo Server is set up: nothing of it that could quote a caller, keep an input or answer around the limits is left on. */
import type { ApolloServerOptions, ApolloServerPlugin, BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { BREAK, type DocumentNode, Kind, visit } from 'graphql';
import type { Logger } from '../log.js';
import type { Principal } from '../principal.js';
import { createErrorPlugin, formatError, type RequestScope } from './format-error.js';
import { createInputCoercionPlugin } from './input-coercion.js';
import { createLimitsPlugin, maxTokens, type OperationLimits, rootFields } from './limits.js';
import { createRateLimitPlugin, type RateLimit } from './rate-limit.js';
import { createSubscriptionPlugin, type SubscriptionScope } from './subscriptions.js';

/**
 * What every Apollo Server behind `createNightsafeServer` is built with: `new ApolloServer({ schema, ...safeApolloOptions() })`.
 * Nothing of Apollo Server's that could quote a caller, keep an input or answer around the limits is left on.
 */
export function safeApolloOptions<Context extends BaseContext & SubscriptionScope & { readonly principal: Principal }>({
  log,
  limits,
  rateLimit,
  introspection,
}: {
  readonly log: Logger;
  readonly limits: OperationLimits;
  readonly rateLimit: RateLimit;
  readonly introspection: boolean;
}) {
  return {
    formatError: formatError(log),
    logger: apolloLogger(log),
    parseOptions: { maxTokens },
    documentStore: createDocumentStore(),
    introspection,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      createErrorPlugin<Context>(),
      createRootFieldLogPlugin<Context>(),
      createLimitsPlugin(limits),
      createInputCoercionPlugin(),
      createRateLimitPlugin<Context>(rateLimit),
      createSubscriptionPlugin<Context>(),
    ],
  } satisfies Partial<ApolloServerOptions<Context>>;
}

/** Of Apollo Server's own lines only the part that it wrote itself: after a colon or a period an error's message may follow. */
function apolloLogger(log: Logger): NonNullable<ApolloServerOptions<BaseContext>['logger']> {
  const ownWords = (message: unknown): string =>
    `Apollo Server: ${typeof message === 'string' ? message.split(/[:.]/, 1)[0] : 'an error without a text'}`;
  return {
    debug: (message) => log.debug(ownWords(message)),
    info: (message) => log.info(ownWords(message)),
    warn: (message) => log.warn(ownWords(message)),
    error: (message) => log.error(ownWords(message)),
  };
}

/** Adds to the request's log lines which root fields were asked for. Never the operation's name: that is the caller's text. */
function createRootFieldLogPlugin<Context extends BaseContext & RequestScope>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, contextValue }) {
          // Where the schema has no such operations, the names in the document were compared with nothing.
          if (operation === undefined || !schema.getRootType(operation.operation)) return;
          const names = rootFields(document, operation).map(({ name }) => name.value);
          contextValue.log.setBindings({ fields: [...new Set(names)] });
        },
      };
    },
  };
}

const mostDocuments = 1_000;
/** In characters; a frontend's largest screens send a few thousand. */
const longestKept = 20_000;

/**
 * Remembers the documents used last, parsed and validated. A document with a string or a comment in it is not kept, since
 * either may be a secret value.
 */
function createDocumentStore(): NonNullable<ApolloServerOptions<BaseContext>['documentStore']> {
  const documents = new Map<string, DocumentNode>();
  return {
    async get(key) {
      const document = documents.get(key);
      if (document !== undefined) {
        documents.delete(key);
        documents.set(key, document);
      }
      return document;
    },
    async set(key, document) {
      const { body = '' } = document.loc?.source ?? {};
      if (body.length > longestKept || body.includes('#') || hasString(document)) return;
      documents.set(key, document);
      const [oldest] = documents.keys();
      if (documents.size > mostDocuments && oldest !== undefined) documents.delete(oldest);
    },
    async delete(key) {
      return documents.delete(key);
    },
  };
}

function hasString(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.STRING]: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}
