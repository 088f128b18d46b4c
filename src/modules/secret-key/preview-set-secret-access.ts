import type { PolicySubject } from '../../authz/index.js';
import { must, type RequestContext } from '../../graphql/context.js';
import type { Principal } from '../../principal.js';
import { InputCheck } from '../input-check.js';
import { principalsOf } from '../organization/principals-of.js';
import { AccessPreview, type Standing } from './access.type.js';
import { mustGrantWithinOwn, mustKeepManager, readGrants } from './grants-input.js';
import { loadSecretKey } from './load-secret-key.js';
import type { SetSecretAccessInput } from './secret-key.inputs.js';
import { secretKeySubject } from './secret-key.record.js';
import { mustExpectRevision } from './set-secret-access.js';
import { grantsOfRecord } from './write-access.js';

/** Who would gain and who would lose by `setSecretAccess` with the same input, decided by the same rules. Changes nothing. */
export async function previewSetSecretAccess(ctx: RequestContext, input: SetSecretAccessInput): Promise<AccessPreview> {
  const { policies } = ctx.services;
  return ctx.database.transaction(async (tx) => {
    const key = await loadSecretKey(ctx, tx, input.id);
    const before = secretKeySubject(key);
    must(ctx, 'setAccess', before);
    const check = new InputCheck();
    const kept = grantsOfRecord(key);
    const grants = input.grants ? await readGrants(check, tx, key.organizationId, input.grants, 'input.grants') : kept;
    check.done();
    mustExpectRevision(key, input.expectedAccessRevision);
    mustGrantWithinOwn(ctx, before, { opensToTeam: input.level === 'TEAM' && key.accessLevel !== 'TEAM', grants });
    await mustKeepManager(tx, key.organizationId, grants);
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
    const changes = (await principalsOf(ctx.database, key.organizationId))
      .map((principal) => ({ principal, before: standing(principal, before), after: standing(principal, after) }))
      .filter((change) => change.before !== change.after);
    return new AccessPreview(key.organizationId, changes);
  });
}
