/** How often one principal may write. */
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../errors.js';
import type { Principal } from '../principal.js';
import { rootFields } from './limits.js';

export interface RateLimit {
  /** Mutations that one principal may make in a window; 0 turns the limit off. Several in one operation count each. */
  readonly points: number;
  /** Length of a window in seconds, from a principal's first mutation in it. */
  readonly perSeconds: number;
}

/**
 * Refuses mutations past the limit with `RATE_LIMITED`, before execution.
 *
 * Every process counts for itself: N processes behind a balancer let through at most N times the limit. A process remembers
 * one counter for each principal that wrote within the last window and nothing else.
 */
export function createRateLimitPlugin<Context extends BaseContext & { readonly principal: Principal }>({
  points,
  perSeconds,
}: RateLimit): ApolloServerPlugin<Context> {
  if (points === 0) return {};
  const limiter = new RateLimiterMemory({ points, duration: perSeconds });
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, contextValue }) {
          if (operation?.operation !== OperationTypeNode.MUTATION) return;
          try {
            await limiter.consume(contextValue.principal.id, rootFields(document, operation).length);
          } catch (refusal) {
            if (!(refusal instanceof RateLimiterRes)) throw refusal;
            throw rateLimited(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
          }
        },
      };
    },
  };
}

const rateLimited = (retryAfterSeconds: number): ApiError =>
  new ApiError('RATE_LIMITED', `Too many changes in a short time; try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  });
