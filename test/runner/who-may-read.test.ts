import { expect } from 'chai';
import type { SecretKeyId } from '../../src/ids.js';
import { type Client, newTeam, startTestApi, type Team, type TestApi } from '../support/api.js';
import { startExecution, type TestExecution } from '../support/execution.js';
import { setSecretAccess } from '../support/operations.js';
import { codeStep, queueRun, requestStep, runOf, text } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('what a key brings back', () => {
  let api: TestApi;
  let server: ReflectingServer;
  let execution: TestExecution;
  let team: Team;
  let secretKeyId: SecretKeyId;

  before(async () => {
    api = await startTestApi();
    server = await startReflectingServer();
    execution = await startExecution(api, [server.host]);
  });
  beforeEach(async () => {
    server.received.length = 0;
    team = await newTeam(api);
    const { createSecretKey } = await team.carol.data(
      'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
      {
        input: {
          name: 'Key',
          value: 'not-a-real-value',
          allowedHosts: [`http://${server.host}`],
          access: { level: 'RESTRICTED', grants: [{ granteeId: team.alice.id, permission: 'USE' }] },
        },
      },
    );
    secretKeyId = createSecretKey.secretKey.id;
  });
  after(async () => {
    await execution.close();
    await server.close();
    await api.close();
  });

  const fetching = (wait = 0) =>
    requestStep(team.carol.id, {
      name: 'fetching',
      url: text(`http://${server.host}/fetch?wait=${wait}`),
      headers: [{ name: 'Authorization', value: [{ kind: 'secretKey', secretKeyId }] }],
    });
  const middle = () =>
    codeStep(team.carol.id, 'return { body: all };', {
      name: 'middle',
      variables: [{ name: 'all', value: [{ kind: 'output', step: 'fetching', path: ['body'] }] }],
    });
  const sending = (editor: Client, of: string) =>
    requestStep(editor.id, {
      method: 'POST',
      url: text(`http://${server.host}/elsewhere`),
      body: { kind: 'json', json: { kind: 'string', template: [{ kind: 'output', step: of, path: ['body'] }] } },
    });
  const sent = () => server.received.map(({ url }) => url.split('?')[0]);

  it('is sent on by a step without a key for an editor who may use the key, and for no other, however it got there', async () => {
    for (const [editor, of, isAllowed] of [
      [team.carol, 'middle', true],
      [team.alice, 'middle', true],
      [team.bob, 'middle', false],
      [team.bob, 'fetching', false],
    ] as const) {
      server.received.length = 0;
      const steps = [fetching(), middle(), sending(editor, of)];
      const id = await queueRun(api, team.organizationId, team.carol.id, steps);
      await execution.execute(await execution.claim());
      const { state, error } = await runOf(api, team.organizationId, id);
      const { code, field, secretKeyId: about } = error ?? {};
      expect({ state, code, field, about, sent: sent() }).to.deep.equal(
        isAllowed
          ? { state: 'SUCCEEDED', code: undefined, field: undefined, about: undefined, sent: ['/fetch', '/elsewhere'] }
          : {
              state: 'FAILED',
              code: 'SECRET_KEY_NOT_ALLOWED',
              field: 'body.json',
              about: secretKeyId,
              sent: ['/fetch'],
            },
      );
      const refusals = await api.services.database.query(
        "SELECT subject_id FROM audit_event WHERE run_id = ? AND type = 'secretKey.useRefused'",
        [id],
      );
      expect(refusals.map(({ subject_id }) => subject_id)).to.deep.equal(isAllowed ? [] : [secretKeyId]);
    }
  });

  it('goes no further when the right of whoever reads it is taken away while the run is at work', async () => {
    const id = await queueRun(api, team.organizationId, team.carol.id, [
      fetching(300),
      sending(team.alice, 'fetching'),
    ]);
    const executing = execution.execute(await execution.claim());
    while (server.received.length === 0) await pause(10);
    await team.carol.data(setSecretAccess, {
      input: { id: secretKeyId, level: 'RESTRICTED', grants: [{ granteeId: team.carol.id, permission: 'MANAGE' }] },
    });
    await executing;
    const { error } = await runOf(api, team.organizationId, id);
    expect({ code: error?.code, sent: sent() }).to.deep.equal({ code: 'SECRET_KEY_NOT_ALLOWED', sent: ['/fetch'] });
  });
});
