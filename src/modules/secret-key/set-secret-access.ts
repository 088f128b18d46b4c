import { recordAudit } from '../../audit/audit-log.js';
import { conflict } from '../../errors.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { holdMembership } from '../organization/membership.js';
import { mustGrantWithinOwn, mustKeepManager, readGrants } from './grants-input.js';
import { loadSecretKey } from './load-secret-key.js';
import { mustStillSee, outcomeOf } from './outcome.js';
import type { SetSecretAccessInput } from './secret-key.inputs.js';
import { type SecretKeyRecord, secretKeySubject } from './secret-key.record.js';
import type { SecretKeyOutcome } from './secret-key.type.js';
import { changeAccess, type Grant, grantsOfRecord } from './write-access.js';

/** Replaces who may use and manage a key. The caller may not hand out a permission that the policy does not let them grant. */
export async function setSecretAccess(ctx: RequestContext, input: SetSecretAccessInput): Promise<SecretKeyOutcome> {
  return write(
    ctx,
    'setSecretAccess',
    input,
    async (tx) => {
      await holdMembership(tx, ctx.principal.organizationId);
      const key = await loadSecretKey(ctx, tx, input.id);
      const subject = secretKeySubject(key);
      const decision = must(ctx, 'setAccess', subject);
      const before = grantsOfRecord(key);
      const check = new InputCheck();
      const grants = input.grants
        ? await readGrants(check, tx, key.organizationId, input.grants, 'input.grants')
        : before;
      check.done();
      mustGrantWithinOwn(ctx, subject, {
        opensToTeam: input.level === 'TEAM' && key.accessLevel !== 'TEAM',
        grants: grants.filter((grant) => !before.some((old) => sameGrant(old, grant))),
      });
      await mustKeepManager(tx, key.organizationId, grants);
      mustExpectRevision(key, input.expectedAccessRevision);
      await changeAccess(tx, ctx.writer, key, { accessLevel: input.level, grants }, ctx.now);
      const outcome = await outcomeOf(ctx, tx, key);
      await recordAudit(tx, actorOf(ctx), {
        type: 'secretKey.accessChanged',
        subject: { type: 'SecretKey', id: key.id, name: key.name },
        details: { from: { level: key.accessLevel, grants: before }, to: { level: input.level, grants } },
        decision,
      });
      return outcome;
    },
    (tx, outcome) => mustStillSee(ctx, tx, outcome),
  );
}

const sameGrant = (a: Grant, b: Grant): boolean => a.granteeId === b.granteeId && a.permission === b.permission;

/** CONFLICT when the caller decided from a state that is no longer the current one. */
export function mustExpectRevision(key: SecretKeyRecord, expected: number | null | undefined): void {
  if ((expected ?? key.accessRevision) !== key.accessRevision) {
    throw conflict('Access has been changed since: its revision is not the expected one.');
  }
}
