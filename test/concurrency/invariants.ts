/** What holds of an organization whatever was done to it at the same time. */
import { expect } from 'chai';
import type { AuditBody } from '../../src/audit/audit-log.js';
import { verifyChain } from '../../src/audit/verify-chain.js';
import { differingAccess } from '../../src/modules/secret-key/verify-access-rows.js';
import type { Answer, Team } from '../support/api.js';
import { openStoredValue, signedAccess } from '../support/stored.js';

/** How each of the requests ended: OK, or the code of its error. */
export const outcomes = (answers: readonly Answer[]): string[] =>
  answers.map(({ errors }) => (errors === undefined ? 'OK' : String(errors[0]?.extensions.code)));

/** The same in order, for requests of which any may have been the first. */
export const outcomesSorted = (answers: readonly Answer[]): string[] => outcomes(answers).sort();

/**
 * The chain is intact and without holes, lists match the grants, each key's signatures cover what its rows say, its value
 * opens, and each key's revision and version are as high as its history says: no update was lost.
 */
export async function expectSound(team: Team): Promise<void> {
  const { api, organizationId } = team;
  const { database } = api.services;
  expect(await verifyChain(database, organizationId)).to.deep.include({ isIntact: true });
  expect(await differingAccess(database, organizationId)).to.deep.equal([]);
  const bodies = await auditBodies(team);
  expect(bodies.map(({ sequence }) => sequence)).to.deep.equal(bodies.map((_, index) => index + 1));

  const keys = await database.query(
    'SELECT id, name, access_revision, value_version, deleted_at FROM secret_key WHERE organization_id = ?',
    [organizationId],
  );
  for (const key of keys) {
    const id = String(key.id);
    const history = bodies.filter(({ subject }) => subject.id === id);
    const count = (...types: readonly string[]): number => history.filter(({ type }) => types.includes(type)).length;
    expect({
      accessRevision: Number(key.access_revision),
      valueVersion: Number(key.value_version),
      name: key.name,
      isDeleted: key.deleted_at !== null,
    }).to.deep.equal({
      accessRevision: 1 + count('secretKey.accessChanged', 'secretKey.useChanged', 'secretKey.restored'),
      valueVersion: 1 + count('secretKey.valueReplaced'),
      name: history.findLast(({ type }) => /created|renamed|restored/.test(type))?.subject.name,
      isDeleted: history.findLast(({ type }) => /deleted|restored/.test(type))?.type === 'secretKey.deleted',
    });
    await signedAccess(team, id);
    await openStoredValue(team, id);
  }
}

/** Every record of the organization, in order. */
export async function auditBodies({ api, organizationId }: Team): Promise<AuditBody[]> {
  const rows = await api.services.database.query(
    'SELECT body FROM audit_event WHERE organization_id = ? ORDER BY sequence',
    [organizationId],
  );
  return rows.map(({ body }) => JSON.parse(String(body)));
}

/** The records of one type, about one thing. */
export const historyOf = async (team: Team, id: string, type: string): Promise<AuditBody[]> =>
  (await auditBodies(team)).filter((body) => body.subject.id === id && body.type === type);
