import {
  type ExplainedRule,
  type ExplainedTerm,
  type Explanation,
  explainDecision,
  listed,
  withArticle,
} from '../../authz/index.js';
import { badInput, notFound } from '../../errors.js';
import { must, type RequestContext } from '../../graphql/context.js';
import { type GranteeId, isId } from '../../ids.js';
import { principalsOf } from '../organization/principals-of.js';
import { AccessExplanation } from './access.type.js';
import { accessPaths } from './access-paths.js';
import { findSecretKey } from './load-secret-key.js';
import type { SecretKeyActionName } from './secret-key.enums.js';
import { secretKeySubject } from './secret-key.record.js';

/** Tells whether somebody may do something with a key, by which rule, which grants reach them, and what would change it. */
export async function explainSecretAccess(
  ctx: RequestContext,
  args: { readonly secretKeyId: string; readonly granteeId: string; readonly action: SecretKeyActionName },
): Promise<AccessExplanation> {
  const key = await findSecretKey(ctx, args.secretKeyId);
  if (key === null) throw notFound();
  const subject = secretKeySubject(key);
  must(ctx, 'explain', subject);
  const [asked] = isId(args.granteeId)
    ? await principalsOf(ctx.database, ctx.writer.verifier, key.organizationId, [args.granteeId as GranteeId])
    : [];
  if (asked === undefined) {
    throw badInput({ field: 'granteeId', message: 'is no active person or service account of this organization' });
  }
  const explanation = explainDecision(ctx.services.policies, asked, args.action, subject);
  const missing = missingIn(explanation, (field) => ctx.authz.can('read', subject, field));
  return new AccessExplanation(key, args.action, explanation, missing, accessPaths(key, asked));
}

/** The field that shows what a rule reads. A rule that reads something else is told of without it. */
const shownBy: Readonly<Record<string, string>> = {
  accessLevel: 'accessLevel',
  createdById: 'createdBy',
  'grantees(use)': 'grants',
  'grantees(manage)': 'grants',
};

/**
 * What would have to be otherwise, a sentence each. Sentences quote the rule and never what a key or a principal has; whether a term
 * holds is told only to those who see the field that shows it.
 *
 * @param sees whether the caller may read a field of the key
 */
export function missingIn({ decision, roles, rule }: Explanation, sees: (field: string) => boolean): readonly string[] {
  if (decision.effect === 'allow') return [];
  if (rule === null) return ['No rule allows this to anyone.'];
  const textOf = (term: ExplainedTerm, seen: (term: ExplainedTerm) => string): string => {
    const field = shownBy[term.attribute];
    return field !== undefined && sees(field)
      ? seen(term)
      : 'Something that you may not see would have to be otherwise.';
  };
  const isDenial = decision.ruleId !== null;
  const role = isDenial
    ? [`They would have to ${beingOther(rule, roles)}: a deny beats every allow.`]
    : rule.isToPrincipal
      ? []
      : [`They would have to ${being(rule)}.`];
  const terms = isDenial
    ? rule.terms.filter(({ attribute }) => attribute !== 'organizationId').map((term) => textOf(term, deniedBy))
    : rule.terms.filter(({ holds }) => !holds).map((term) => textOf(term, neededBy));
  return [...new Set([...role, ...terms])];
}

type Addressees = Pick<ExplainedRule, 'to' | 'toPermissionSets'>;

/** Such as `be an admin or have a custom role with key-inventory`. */
const being = ({ to, toPermissionSets }: Addressees): string =>
  [
    ...(to.length === 0 ? [] : [`be ${listed(to.map(withArticle), 'or')}`]),
    ...(toPermissionSets.length === 0 ? [] : [`have a custom role with ${listed(toPermissionSets, 'or')}`]),
  ].join(' or ');

function beingOther({ to, toPermissionSets }: Addressees, roles: readonly string[]): string {
  const own = to.filter((name) => roles.includes(name));
  const given = toPermissionSets.filter((name) => roles.includes(name));
  return [
    ...(own.length === 0 ? [] : [`be other than ${listed(own.map(withArticle), 'or')}`]),
    ...(given.length === 0 ? [] : [`have no custom role with ${listed(given, 'or')}`]),
  ].join(' and ');
}

const deniedBy = ({ text }: ExplainedTerm): string => `This would have to be false: ${text}.`;

function neededBy({ attribute, text }: ExplainedTerm): string {
  switch (attribute) {
    case 'grantees(use)':
      return `A grant of Use or Manage, or Team access, would have to reach them: ${text}.`;
    case 'grantees(manage)':
      return `A grant of Manage would have to reach them: ${text}.`;
    default:
      return `This would have to be true: ${text}.`;
  }
}
