import { badInput, notFound } from '../../errors.js';
import { must, type RequestContext } from '../../graphql/context.js';
import { isId } from '../../ids.js';
import { principalsOf } from '../organization/principals-of.js';
import { AccessExplanation } from './access.type.js';
import { accessPaths } from './access-paths.js';
import { findSecretKey } from './load-secret-key.js';
import type { SecretKeyActionName } from './secret-key.enums.js';
import { secretKeySubject } from './secret-key.record.js';

/** Tells whether somebody may do something with a key, by which rule, and which grants reach them. */
export async function explainSecretAccess(
  ctx: RequestContext,
  args: { readonly secretKeyId: string; readonly granteeId: string; readonly action: SecretKeyActionName },
): Promise<AccessExplanation> {
  const key = await findSecretKey(ctx, args.secretKeyId);
  if (key === null) throw notFound();
  const subject = secretKeySubject(key);
  must(ctx, 'explain', subject);
  const { policies } = ctx.services;
  const [asked] = isId(args.granteeId) ? await principalsOf(ctx.database, key.organizationId, args.granteeId) : [];
  if (asked === undefined) {
    throw badInput({ field: 'granteeId', message: 'is no active person or service account of this organization' });
  }
  const decision = policies.authorize(asked).decide(args.action, subject);
  const rule = policies.rules.find(({ id }) => id === decision.ruleId);
  return new AccessExplanation(key, args.action, decision, rule?.why ?? null, accessPaths(key, asked));
}
