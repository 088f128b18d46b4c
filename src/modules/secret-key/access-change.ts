/** What `setSecretAccess` would change, after everything that can be said against it. Shared with the preview. */
import type { Decision } from '../../authz/index.js';
import type { Reading } from '../../database/database.js';
import { conflict } from '../../errors.js';
import { must, type RequestContext } from '../../graphql/context.js';
import { InputCheck } from '../input-check.js';
import { mustGrantWithinOwn, mustKeepManager, readGrants } from './grants-input.js';
import type { SetSecretAccessInput } from './secret-key.inputs.js';
import { type SecretKeyRecord, secretKeySubject } from './secret-key.record.js';
import { type Grant, grantsOfRecord } from './write-access.js';

export interface AccessChange {
  readonly decision: Decision;
  readonly before: readonly Grant[];
  readonly grants: readonly Grant[];
}

export async function readAccessChange(
  ctx: RequestContext,
  source: Reading,
  key: SecretKeyRecord,
  input: SetSecretAccessInput,
): Promise<AccessChange> {
  const subject = secretKeySubject(key);
  const decision = must(ctx, 'setAccess', subject);
  const before = grantsOfRecord(key);
  const check = new InputCheck();
  const grants = input.grants
    ? await readGrants(check, source, key.organizationId, input.grants, 'input.grants')
    : before;
  check.done();
  mustExpectRevision(key, input.expectedAccessRevision);
  mustGrantWithinOwn(ctx, subject, {
    opensToTeam: input.level === 'TEAM' && key.accessLevel !== 'TEAM',
    grants: grants.filter((grant) => !before.some((old) => sameGrant(old, grant))),
  });
  await mustKeepManager(source, key.organizationId, grants);
  return { decision, before, grants };
}

const sameGrant = (a: Grant, b: Grant): boolean => a.granteeId === b.granteeId && a.permission === b.permission;

/** CONFLICT when the caller decided from a state that is no longer the current one. */
export function mustExpectRevision(key: SecretKeyRecord, expected: number | null | undefined): void {
  if ((expected ?? key.accessRevision) !== key.accessRevision) {
    throw conflict('Access has been changed since: its revision is not the expected one.');
  }
}
