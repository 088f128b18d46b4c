/** What a custom role gives counts in a run only as the api signed it. */
import { expect } from 'chai';
import type { SecretKeyId } from '../../src/ids.js';
import { type Client, newTeam, sharedApi, type Team, type TestApi } from '../support/api.js';
import { assignRole, giveSets, makeCustomRole } from '../support/membership.js';
import { deleteCustomRole, unassignCustomRole, updateCustomRole } from '../support/membership-operations.js';
import { createSecretKey } from '../support/operations.js';
import { queueRun, requestStep, text, untilEnded } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';
import { startTestRunner, type TestRunner } from '../support/runner.js';
import { uniqueName } from '../support/secret-keys.js';

const canary = 'canary-2f8c90ab-not-a-real-key';

describe('a run of somebody with a custom role', () => {
  let api: TestApi;
  let server: ReflectingServer;
  let runner: TestRunner;
  let team: Team;
  let key: SecretKeyId;

  before(async () => {
    api = await sharedApi();
    server = await startReflectingServer();
    runner = await startTestRunner(api, { privateHosts: [server.host] });
  });
  after(async () => {
    await runner.close();
    await server.close();
  });
  beforeEach(async () => {
    team = await newTeam(api);
    const input = { name: uniqueName(), value: canary, allowedHosts: [`http://${server.host}`] };
    key = (await team.bob.data(createSecretKey, { input })).createSecretKey.secretKey.id;
    server.received.length = 0;
  });

  /** How a run ends in which bob uses his key, and what the server got. */
  const run = async (startedBy: Client = team.bob): Promise<[state: string, code: string | undefined, got: number]> => {
    server.received.length = 0;
    const headers = [{ name: 'Authorization', value: [{ kind: 'secretKey' as const, secretKeyId: key }] }];
    const step = requestStep(startedBy.id, { url: text(`http://${server.host}/`), headers });
    const id = await queueRun(api, team.organizationId, startedBy.id, [step]);
    const { state, error } = await untilEnded(api, team.organizationId, id);
    return [state, error?.code, server.received.length];
  };
  const change = (sql: string, parameters: readonly unknown[]) =>
    api.services.database.transaction((tx) => tx.query(sql, parameters));
  const succeeded = ['SUCCEEDED', undefined, 1];
  const refused = ['FAILED', 'NOT_VERIFIED', 0];

  it('goes on through everything that the api does with roles', async () => {
    const { alice, bob } = team;
    const id = await makeCustomRole(alice, ['audit-reader']);
    await assignRole(alice, id, bob);
    const other = await giveSets(alice, bob, 'key-inventory', 'key-rotation');
    expect(await run()).to.deep.equal(succeeded);
    await alice.data(updateCustomRole, { input: { id, permissionSets: ['key-rotation'] } });
    expect(await run()).to.deep.equal(succeeded);
    await alice.data(unassignCustomRole, { input: { customRoleId: id, granteeId: bob.id } });
    expect(await run()).to.deep.equal(succeeded);
    await alice.data(deleteCustomRole, { input: { id: other } });
    expect(await run()).to.deep.equal(succeeded);
  });

  it('uses no key by a set that gives no use: key-rotation and key-inventory see it, and the runner refuses', async () => {
    const { alice, carol } = team;
    await giveSets(alice, carol, 'key-inventory', 'key-rotation');
    expect(await run(carol)).to.deep.equal(['FAILED', 'SECRET_KEY_NOT_ALLOWED', 0]);
  });

  it('uses nothing while a role was given to them in the database', async () => {
    const { alice, bob, organizationId } = team;
    const id = await makeCustomRole(alice);
    const row = [organizationId, bob.id, id];
    await change('INSERT INTO custom_role_holder (organization_id, grantee_id, custom_role_id) VALUES (?, ?, ?)', row);
    expect(await run()).to.deep.equal(refused);
    await change(
      'DELETE FROM custom_role_holder WHERE organization_id = ? AND grantee_id = ? AND custom_role_id = ?',
      row,
    );
    expect(await run()).to.deep.equal(succeeded);
  });

  it('uses nothing after a role was taken from them, or exchanged for another one, in the database', async () => {
    const { alice, bob, organizationId } = team;
    await giveSets(alice, bob, 'audit-reader');
    const other = await makeCustomRole(alice, ['audit-reader']);
    await change('UPDATE custom_role_holder SET custom_role_id = ? WHERE organization_id = ? AND grantee_id = ?', [
      other,
      organizationId,
      bob.id,
    ]);
    expect(await run()).to.deep.equal(refused);
    await change('DELETE FROM custom_role_holder WHERE organization_id = ? AND grantee_id = ?', [
      organizationId,
      bob.id,
    ]);
    expect(await run()).to.deep.equal(refused);
  });

  it('uses nothing when what a role is composed of was changed in the database, or taken from another role', async () => {
    const { alice, bob, organizationId } = team;
    const id = await giveSets(alice, bob, 'audit-reader');
    const [before] = await api.services.database.query('SELECT * FROM custom_role WHERE id = ?', [id]);
    const where = 'WHERE organization_id = ? AND id = ?';
    await change(`UPDATE custom_role SET permission_sets = ? ${where}`, ['["key-rotation"]', organizationId, id]);
    expect(await run()).to.deep.equal(refused);
    const other = await makeCustomRole(alice, ['key-rotation']);
    const [foreign] = await api.services.database.query('SELECT * FROM custom_role WHERE id = ?', [other]);
    await change(`UPDATE custom_role SET permission_sets = ?, signature = ? ${where}`, [
      foreign?.permission_sets,
      foreign?.signature,
      organizationId,
      id,
    ]);
    expect(await run()).to.deep.equal(refused);
    await change(`UPDATE custom_role SET permission_sets = ?, signature = ? ${where}`, [
      before?.permission_sets,
      before?.signature,
      organizationId,
      id,
    ]);
    expect(await run()).to.deep.equal(succeeded);
  });

  it('uses nothing when the sets of an older revision were put back, or the role was deleted in the database', async () => {
    const { alice, bob, organizationId } = team;
    const id = await giveSets(alice, bob, 'audit-reader');
    const [old] = await api.services.database.query('SELECT * FROM custom_role WHERE id = ?', [id]);
    await alice.data(updateCustomRole, { input: { id, permissionSets: ['key-rotation'] } });
    await change('UPDATE custom_role SET permission_sets = ?, signature = ? WHERE organization_id = ? AND id = ?', [
      old?.permission_sets,
      old?.signature,
      organizationId,
      id,
    ]);
    expect(await run()).to.deep.equal(refused);
    await change('DELETE FROM custom_role WHERE organization_id = ? AND id = ?', [organizationId, id]);
    expect(await run()).to.deep.equal(refused);
  });
});
