/** What every resolver and verb gets first: who asks, what they may do, and the ways to the database and the vault. */

import type { AuditActor } from '../audit/audit-log.js';
import type { DeniedDecisions } from '../audit/denied-decisions.js';
import type { Authorizer, Decision, PolicySet, PolicySubject } from '../authz/index.js';
import type { Database } from '../database/database.js';
import { forbidden, notFound } from '../errors.js';
import type { Logger } from '../log.js';
import type { RunChanges } from '../modules/run/run-changes.js';
import type { Principal } from '../principal.js';
import type { RunQueue } from '../queue/run-queue.js';
import type { StepLimits } from '../runner-settings.js';
import type { Writer } from '../vault/writer.js';
import type { FieldVerdict } from './guard.js';
import type { Loaders } from './loaders.js';
import type { Subscription } from './subscriptions.js';

/** What outlives a request. */
export interface Services {
  readonly database: Database;
  readonly policies: PolicySet;
  readonly writer: Writer;
  /** The issuer of a member's identity when none is named; null when no provider is configured. */
  readonly defaultIssuer: string | null;
  readonly retentionDays: number;
  /** Runs that an organization may have waiting. */
  readonly runsQueuedMost: number;
  readonly stepLimits: StepLimits;
  readonly runQueue: Pick<RunQueue, 'announce'>;
  readonly runChanges: RunChanges;
  /** On their way to the decision log; absent where no decision is logged. */
  readonly deniedDecisions?: DeniedDecisions;
  readonly clock: () => number;
}

export interface RequestContext {
  readonly services: Services;
  readonly database: Database;
  readonly writer: Writer;
  readonly requestId: string;
  readonly principal: Principal;
  readonly authz: Authorizer;
  readonly idempotencyKey: string | undefined;
  readonly log: Logger;
  /** What the request is an answer of; null for a query or a mutation. */
  readonly subscription: Subscription | null;
  /** The instant of the request, in milliseconds; everything that one request writes bears it. */
  readonly now: number;
  readonly loaders: Loaders;
  /** The guard's verdicts for the principal, by field slot. */
  readonly verdicts: FieldVerdict[];
}

/** The deciding rule of an allowed action. Otherwise throws: NOT_FOUND when the subject may not even be seen, else FORBIDDEN. */
export function must(ctx: RequestContext, action: string, subject: PolicySubject): Decision {
  const decision = ctx.authz.decide(action, subject);
  if (decision.effect === 'allow') return decision;
  // A read changes and uses nothing.
  if (action !== 'read') ctx.services.deniedDecisions?.add(decision, ctx.now);
  if (!ctx.authz.can('read', subject)) throw notFound();
  throw forbidden(`${action} on ${subject.type}: ${decision.ruleId ?? 'no rule allows it'}`);
}

/** The deciding rule of an action on something that does not exist yet; FORBIDDEN otherwise. */
export function mustCreate(ctx: RequestContext, subject: PolicySubject): Decision {
  const decision = ctx.authz.decide('create', subject);
  if (decision.effect === 'allow') return decision;
  ctx.services.deniedDecisions?.add(decision, ctx.now);
  throw forbidden(`create ${subject.type}: ${decision.ruleId ?? 'no rule allows it'}`);
}

/** Who an audit record of this request names. */
export const actorOf = (ctx: RequestContext): AuditActor => ({
  organizationId: ctx.principal.organizationId,
  principal: ctx.principal,
  requestId: ctx.requestId,
  now: ctx.now,
  logsDecisions: ctx.services.deniedDecisions !== undefined,
});
