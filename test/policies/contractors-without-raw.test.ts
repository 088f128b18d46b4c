/** The worked change `contractors-without-raw`, as those feel it who have the role: carol is a contractor, bob is not. */
import { expect } from 'chai';
import type { SecretKeyId } from '../../src/ids.js';
import type { Template } from '../../src/modules/workflow/template.js';
import { newTeam, startTestApi, type Team, type TestApi } from '../support/api.js';
import { type ExamplePolicies, layExample } from '../support/example-policies.js';
import { giveSets } from '../support/membership.js';
import { createSecretKey, secretKey, setSecretUse, updateSecretValue } from '../support/operations.js';
import { codeStep, queueRun, requestStep, text, untilEnded } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';
import { startTestRunner } from '../support/runner.js';
import { runWorkflow, testAction, unchangedRuns } from '../support/runs.js';
import { fakeValue, uniqueName } from '../support/secret-keys.js';
import { signedAccess, unchanged } from '../support/stored.js';
import {
  createWorkflow,
  duplicateWorkflow,
  replaceSecretKeyReferences,
  setWorkflowSteps,
} from '../support/workflow-operations.js';
import { codeInput, keyIn, makeWorkflow, requestInput } from '../support/workflows.js';

const canary = 'canary-73d1f06b-not-a-real-key';
const raw = { uses: ['SEND_API_REQUEST', 'RUN_CODE', 'RAW'], rawReason: 'A signature that only code can make.' };
const forbidden = { code: 'FORBIDDEN' };

describe('a contractor, whom a rule denies RAW', () => {
  let policies: ExamplePolicies;
  let api: TestApi;
  let server: ReflectingServer;
  let team: Team;

  before(async () => {
    policies = layExample('contractors-without-raw');
    api = await startTestApi({ policiesFolder: policies.folder });
    server = await startReflectingServer();
  });
  after(async () => {
    await server.close();
    await api.close();
    policies.remove();
  });
  beforeEach(async () => {
    server.received.length = 0;
    team = await newTeam(api);
    await giveSets(team.alice, team.carol, 'contractor');
  });

  /** A key that everyone may use and carol and bob manage, with RAW unless told otherwise. */
  const newKey = async (input: object = raw): Promise<string> => {
    const { bob, carol } = team;
    const grants = [bob, carol].map(({ id: granteeId }) => ({ granteeId, permission: 'MANAGE' }));
    const all = {
      name: uniqueName(),
      value: canary,
      allowedHosts: [`http://${server.host}`],
      access: { level: 'TEAM', grants },
    };
    return (await bob.data(createSecretKey, { input: { ...all, ...input } })).createSecretKey.secretKey.id;
  };
  const withCode = (id: string) => codeInput({ variables: [{ name: 'KEY', value: keyIn(id) }] });

  it('saves no step of code with a key that allows RAW, and every other step', async () => {
    const { bob, carol } = team;
    const [id, other] = [await newKey(), await newKey({ uses: ['RUN_CODE', 'SEND_API_REQUEST'] })];
    const own = await makeWorkflow(carol, { name: 'Own', steps: [requestInput({}, id), withCode(other)] });
    const foreign = await makeWorkflow(bob, { name: 'Foreign', steps: [withCode(id)] });
    const steps = [withCode(id)];
    const fields = [
      {
        field: 'input.steps[0].runCode.variables[0].value',
        message: 'column 1: you are not allowed to use this key',
      },
    ];
    for (const [query, input] of [
      [createWorkflow, { name: 'New', steps }],
      [setWorkflowSteps, { id: own, steps, expectedVersion: 1 }],
    ] as const) {
      expect(await unchanged(team, () => carol.refusal(query, { input }))).to.deep.equal({ code: 'FORBIDDEN', fields });
    }
    expect(
      (await unchanged(team, () => carol.refusal(duplicateWorkflow, { input: { id: foreign, name: 'Copy' } }))).code,
    ).to.equal('FORBIDDEN');
    await bob.data(createWorkflow, { input: { name: 'New', steps } });
  });

  it('starts no run in which code gets a value, whoever wrote the code, and tests none', async () => {
    const { bob, carol } = team;
    const id = await newKey();
    const workflowId = await makeWorkflow(bob, { steps: [withCode(id)], activate: true });
    for (const [query, input] of [
      [runWorkflow, { workflowId }],
      [testAction, { step: withCode(id) }],
    ] as const) {
      expect((await unchangedRuns(team, () => carol.refusal(query, { input }))).code).to.equal('FORBIDDEN');
    }
    await bob.data(runWorkflow, { input: { workflowId } });
  });

  it('keeps others from running what they wrote before, from the next request on', async () => {
    const { alice, bob } = team;
    const id = await newKey();
    const workflowId = await makeWorkflow(bob, { steps: [withCode(id)], activate: true });
    await alice.data(runWorkflow, { input: { workflowId } });
    await giveSets(alice, bob, 'contractor');
    expect((await unchangedRuns(team, () => alice.refusal(runWorkflow, { input: { workflowId } }))).code).to.equal(
      'FORBIDDEN',
    );
  });

  it('is refused by the runner when they became one after the run was queued, and sends requests with the same key', async () => {
    const { alice, bob, organizationId } = team;
    const id = (await newKey()) as SecretKeyId;
    const key: Template = [{ kind: 'secretKey', secretKeyId: id }];
    const code = codeStep(bob.id, 'return KEY.length', { variables: [{ name: 'KEY', value: key }] });
    const request = requestStep(bob.id, {
      url: text(`http://${server.host}/`),
      headers: [{ name: 'Authorization', value: key }],
    });
    const queued = [];
    for (const [startedBy, step] of [
      [bob, code],
      [alice, code],
      [bob, request],
    ] as const) {
      queued.push(await queueRun(api, organizationId, startedBy.id, [step]));
    }
    await giveSets(alice, bob, 'contractor');
    const runner = await startTestRunner(api, { privateHosts: [server.host] });
    try {
      const ended = [];
      for (const runId of queued) {
        const { state, error } = await untilEnded(api, organizationId, runId);
        ended.push([state, error?.code, error?.message, error?.field]);
      }
      const refusal = (message: string) => ['FAILED', 'SECRET_KEY_NOT_ALLOWED', message, 'variables[0].value'];
      expect(ended).to.deep.equal([
        refusal('Whoever last edited the step may not have code get the value of a key of the step.'),
        refusal('Whoever last edited the step may not have code get the value of a key of the step.'),
        ['SUCCEEDED', undefined, undefined, undefined],
      ]);
      expect(server.received.map(({ headers }) => headers.authorization)).to.deep.equal([canary]);
    } finally {
      await runner.close();
    }
  });

  it('neither creates a key with RAW nor adds it to one that they manage, and changes everything else of it', async () => {
    const { bob, carol } = team;
    const input = { name: uniqueName(), value: fakeValue(), ...raw };
    expect(await unchanged(team, () => carol.refusal(createSecretKey, { input }))).to.deep.equal(forbidden);
    const id = await newKey({ uses: ['RUN_CODE'] });
    const adding = { id, ...raw };
    expect(await unchanged(team, () => carol.refusal(setSecretUse, { input: adding }))).to.deep.equal(forbidden);
    await bob.data(setSecretUse, { input: adding });
    const keeping = { id, uses: [...raw.uses, 'JWT'], allowedHosts: ['api.example.com'] };
    const { setSecretUse: kept } = await carol.data(setSecretUse, { input: keeping });
    expect([kept.secretKey.uses, kept.secretKey.allowedHosts, kept.secretKey.viewerCan]).to.deep.equal([
      ['SEND_API_REQUEST', 'RUN_CODE', 'JWT', 'RAW'],
      ['api.example.com'],
      ['USE', 'RENAME', 'UPDATE_VALUE', 'SET_ACCESS', 'SET_USE', 'DELETE'],
    ]);
    await carol.data(updateSecretValue, { input: { id, value: fakeValue() } });
    await carol.data(setSecretUse, { input: { id, uses: ['RUN_CODE'] } });
    expect((await signedAccess(team, id)).uses).to.deep.equal(['RUN_CODE']);
    expect(await carol.refusal(setSecretUse, { input: adding })).to.deep.equal(forbidden);
  });

  it('moves references to a key with RAW in requests, and is told of those in code that stay', async () => {
    const { carol } = team;
    const [from, to] = [await newKey({ uses: ['RUN_CODE', 'SEND_API_REQUEST'] }), await newKey()];
    const moved = await makeWorkflow(carol, { name: 'Moved', steps: [requestInput({}, from)] });
    const kept = await makeWorkflow(carol, { name: 'Kept', steps: [requestInput({}, from), withCode(from)] });
    expect(await carol.data(replaceSecretKeyReferences, { input: { from, to } })).to.deep.equal({
      replaceSecretKeyReferences: {
        moved: [{ id: moved, name: 'Moved', version: 2 }],
        notMoved: [{ workflow: { id: kept, name: 'Kept' }, reason: 'RAW_NOT_ALLOWED' }],
        notVisibleCount: 0,
      },
    });
  });

  it('sees so before they try: the key says what they can do with it, and the rule that denies', async () => {
    const { alice, carol } = team;
    const id = await newKey();
    const explain = `query ($id: ID!, $granteeId: ID!) {
      explainSecretAccess(secretKeyId: $id, granteeId: $granteeId, action: USE_RAW) { allowed ruleId why }
    }`;
    expect((await carol.data(secretKey, { id })).secretKey.viewerCan).not.to.include.members(['USE_RAW', 'ALLOW_RAW']);
    const why =
      'Code that has a value itself can show it to whoever writes the code. Contractors leave, and a value that they saw leaves too.';
    expect(await alice.data(explain, { id, granteeId: carol.id })).to.deep.equal({
      explainSecretAccess: { allowed: false, ruleId: 'contractors/no-raw', why },
    });
  });
});
