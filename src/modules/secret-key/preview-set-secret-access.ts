import type { PolicySubject } from '../../authz/index.js';
import { notFound } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import type { Principal } from '../../principal.js';
import { principalsOf } from '../organization/principals-of.js';
import { workflowsThatStop } from '../workflow/references-of-key.js';
import { workflowSubject } from '../workflow/workflow.record.js';
import { AccessPreview, type Standing } from './access.type.js';
import { readAccessChange } from './access-change.js';
import { findSecretKey } from './load-secret-key.js';
import type { SetSecretAccessInput } from './secret-key.inputs.js';
import { secretKeySubject } from './secret-key.record.js';

/** Who would gain and who would lose by `setSecretAccess` with the same input, decided by the same rules. Changes nothing. */
export async function previewSetSecretAccess(ctx: RequestContext, input: SetSecretAccessInput): Promise<AccessPreview> {
  const { policies } = ctx.services;
  const key = await findSecretKey(ctx, input.id);
  if (key === null) throw notFound();
  const { grants } = await readAccessChange(ctx, ctx.database.reading, key, input);
  const before = secretKeySubject(key);
  const after = secretKeySubject({
    ...key,
    accessLevel: input.level,
    grants: grants.map(({ granteeId, permission }) => ({ grantee: { id: granteeId }, permission })),
  });
  const standing = (principal: Principal, subject: PolicySubject): Standing => {
    const authorizer = policies.authorize(principal);
    if (authorizer.can('setAccess', subject)) return authorizer.can('use', subject) ? 'MANAGE_AND_USE' : 'MANAGE';
    return authorizer.can('use', subject) ? 'USE' : authorizer.can('read', subject) ? 'SEE' : 'NONE';
  };
  const principals = await principalsOf(ctx.database, ctx.writer.verifier, key.organizationId);
  const changes = principals
    .map((principal) => ({
      principal,
      before: standing(principal, before),
      after: standing(principal, after),
    }))
    .filter((change) => change.before !== change.after);
  const stops = await workflowsThatStop(ctx, ctx.database.reading, key, { before, after }, principals);
  const visible = stops.filter(({ workflow }) => ctx.authz.can('read', workflowSubject(workflow)));
  return new AccessPreview(key.organizationId, changes, { visible, count: stops.length });
}
