/**
 * Subscriptions, as operations that are answered again and again. What happens comes from the field's source; each answer is an
 * operation of its own, with a context of its own: it passes the same limits, policies and error texts as any other, and rights that
 * were lost meanwhile are lost.
 */
import { type ApolloServerPlugin, type BaseContext, HeaderMap } from '@apollo/server';
import {
  createSourceEventStream,
  type DirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { print } from 'graphql-sse';
import { ApiError } from '../errors.js';
import { maskError, type RequestScope } from './format-error.js';

/** A subscription while somebody listens. */
export interface Subscription {
  /** One for each answer that is due. Null until the operation has been let through. */
  events: AsyncIterable<unknown> | null;
  /** Aborted when nobody listens any more. */
  readonly signal: AbortSignal;
}

export interface SubscriptionScope extends RequestScope {
  /** Null where queries and mutations are answered. */
  readonly subscription: Subscription | null;
}

/**
 * Keeps subscriptions to their own address, and other operations off it. The first time that a subscription comes by it is opened
 * and not answered; after that it is answered like a query.
 */
export function createSubscriptionPlugin<
  Context extends BaseContext & SubscriptionScope,
>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, contextValue }) {
          if (operation === undefined) return;
          const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
          if (isSubscription !== (contextValue.subscription !== null)) {
            const place = isSubscription
              ? 'Subscriptions are sent to /graphql/stream.'
              : 'Only subscriptions are sent here.';
            throw new ApiError('BAD_USER_INPUT', place);
          }
          if (isSubscription && mayLeaveOutItsField(schema, document, operation)) {
            throw new ApiError(
              'BAD_USER_INPUT',
              'The field of a subscription cannot be left out by @skip or @include.',
            );
          }
        },
        async responseForOperation({ schema, document, request, contextValue }) {
          const { subscription } = contextValue;
          if (subscription === null || subscription.events !== null) return null;
          const source = await createSourceEventStream({
            schema,
            document,
            contextValue,
            variableValues: request.variables,
            operationName: request.operationName,
          });
          const isOpen = Symbol.asyncIterator in source;
          if (isOpen) subscription.events = source;
          const errors = isOpen ? [] : (source.errors ?? []).map((error) => maskError(error, contextValue));
          return {
            http: { headers: new HeaderMap() },
            body: { kind: 'single', singleResult: isOpen ? { data: null } : { errors } },
          };
        },
      };
    },
  };
}

/** Whether there are conditions at the root, where the specification allows none: there would be nothing to listen to. */
function mayLeaveOutItsField(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  const root = schema.getSubscriptionType()?.name;
  const isCondition = ({ name: { value } }: DirectiveNode): boolean => value === 'skip' || value === 'include';
  let found = false;
  visit(document, {
    [Kind.OPERATION_DEFINITION]: (node) => (node === operation ? undefined : false),
    [Kind.FRAGMENT_DEFINITION]: ({ typeCondition }) => (typeCondition.name.value === root ? undefined : false),
    [Kind.FIELD]: ({ directives = [] }) => {
      found ||= directives.some(isCondition);
      return false;
    },
    [Kind.DIRECTIVE]: (directive) => {
      found ||= isCondition(directive);
    },
  });
  return found;
}

interface Result {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly unknown[];
}

/**
 * The messages of one subscription in the protocol of graphql-sse, in its mode of one connection each. An answer that equals the one
 * before it is left out. Ends with `complete`, unless it was aborted.
 * @param operate answers the operation once, as the text of a result.
 */
export async function* subscriptionMessages(
  subscription: Subscription,
  operate: () => Promise<string>,
  scope: RequestScope,
): AsyncGenerator<string> {
  const next = (result: Result): string => print({ event: 'next', data: result as never });
  try {
    const opened = JSON.parse(await operate()) as Result;
    if (subscription.events === null) {
      yield next(opened);
    } else {
      let last = '';
      for await (const _ of subscription.events) {
        const result = JSON.parse(await operate()) as Result;
        const message = next(result);
        if (message !== last) yield message;
        last = message;
        if (!result.data) break;
      }
    }
  } catch (error) {
    yield next({ errors: [maskError(error, scope)] });
  }
  if (!subscription.signal.aborted) yield print({ event: 'complete', data: null });
}
