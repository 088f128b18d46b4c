import type { Logger } from '../log.js';
import type { Principal } from '../principal.js';
import type { RequestContext, Services } from './context.js';
import { verdictsOf } from './guard.js';
import { createLoaders } from './loaders.js';
import type { Subscription } from './subscriptions.js';

/** A context for one request of one principal. */
export function createContext(
  services: Services,
  request: {
    readonly principal: Principal;
    readonly requestId: string;
    readonly idempotencyKey: string | undefined;
    readonly log: Logger;
    readonly subscription?: Subscription | null;
  },
): RequestContext {
  const { principal } = request;
  const authz = services.policies.authorize(principal);
  return {
    services,
    database: services.database,
    writer: services.writer,
    requestId: request.requestId,
    principal,
    authz,
    idempotencyKey: request.idempotencyKey,
    log: request.log,
    subscription: request.subscription ?? null,
    now: services.clock(),
    loaders: createLoaders(services.database, principal.organizationId),
    verdicts: verdictsOf(authz),
  };
}
