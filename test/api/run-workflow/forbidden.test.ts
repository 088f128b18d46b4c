import { expect } from 'chai';
import { type Client, newTeam, type Team } from '../../support/api.js';
import { setSecretAccess } from '../../support/operations.js';
import { bodyOf, runWorkflow, startRun, stepWithCode, unchangedRuns } from '../../support/runs.js';
import { alterKey, createKey } from '../../support/secret-keys.js';
import { setWorkflowSteps, workflowById } from '../../support/workflow-operations.js';
import { createWorkflow, requestInput } from '../../support/workflows.js';

const refusedFor = (secretKeys: readonly string[], otherSecretKeyCount: number) => ({
  errors: [
    {
      message: 'A key in the steps is gone, or you or whoever last edited a step may not use it.',
      path: ['runWorkflow'],
      extensions: { code: 'FORBIDDEN', secretKeys, otherSecretKeyCount },
    },
  ],
  data: null,
});

const run = async (team: Team, caller: Client, workflowId: string) =>
  bodyOf(await unchangedRuns(team, () => caller.ask(runWorkflow, { input: { workflowId } })));

describe('runWorkflow by whoever may not', () => {
  it('is FORBIDDEN to an auditor', async () => {
    const team = await newTeam();
    const { id: workflowId } = await createWorkflow(team.bob, [stepWithCode()]);
    expect(await unchangedRuns(team, () => team.dave.refusal(runWorkflow, { input: { workflowId } }))).to.deep.equal({
      code: 'FORBIDDEN',
    });
  });

  it('is FORBIDDEN to whoever may not use a key in it, which is named only to those who may see it', async () => {
    const team = await newTeam();
    const { alice, bob, carol } = team;
    const key = await createKey(carol);
    const both = await createKey(carol, { grants: [{ granteeId: bob.id, permission: 'USE' }] });
    const { id: workflowId } = await createWorkflow(carol, [
      requestInput({ name: 'one' }, key),
      requestInput({ name: 'other' }, both),
    ]);
    expect(await run(team, bob, workflowId)).to.deep.equal(refusedFor([], 1));
    expect(await run(team, team.deployBot, workflowId)).to.deep.equal(refusedFor([], 2));
    expect(await run(team, alice, workflowId)).to.deep.equal(refusedFor([key, both].sort(), 0));
  });

  it('is FORBIDDEN to everyone when whoever last edited a step has lost its key, or is not active any more', async () => {
    const team = await newTeam();
    const { alice, bob, carol } = team;
    const key = await createKey(carol, { grants: [{ granteeId: bob.id, permission: 'USE' }] });
    const { id: workflowId } = await createWorkflow(bob, [requestInput({}, key)]);
    await carol.data(setSecretAccess, {
      input: { id: key, level: 'RESTRICTED', grants: [{ granteeId: carol.id, permission: 'MANAGE' }] },
    });
    expect(await run(team, carol, workflowId)).to.deep.equal(refusedFor([key], 0));

    const shared = await createKey(carol, { level: 'TEAM' });
    const { id: another } = await createWorkflow(bob, [requestInput({}, shared)]);
    await alice.data(
      'mutation ($input: DeactivateMemberInput!) { deactivateMember(input: $input) { member { id } } }',
      { input: { id: bob.id } },
    );
    expect(await run(team, carol, another)).to.deep.equal(refusedFor([shared], 0));
  });

  it('answers alike, byte for byte, whether a key that the caller may not see is in force, has expired or is gone', async () => {
    const team = await newTeam();
    const { api, organizationId, bob, carol } = team;
    const key = await createKey(carol);
    const { id: workflowId } = await createWorkflow(carol, [requestInput({}, key)]);
    const answers: unknown[] = [await run(team, bob, workflowId)];
    await alterKey(team, key, { expiresAt: Date.now() - 1 });
    answers.push(await run(team, bob, workflowId));
    await alterKey(team, key, { expiresAt: null });
    await carol.data('mutation ($input: DeleteSecretKeyInput!) { deleteSecretKey(input: $input) { deletedId } }', {
      input: { id: key, breakReferences: true },
    });
    // Deleted, it is hidden from its owner too.
    answers.push(await run(team, bob, workflowId), await run(team, carol, workflowId));
    await api.services.database.transaction((tx) =>
      tx.query('DELETE FROM secret_key WHERE organization_id = ? AND id = ?', [organizationId, key]),
    );
    answers.push(await run(team, bob, workflowId));
    expect(answers).to.deep.equal(answers.map(() => refusedFor([], 1)));
  });

  it('is FORBIDDEN when whoever last edited a step has lost the key of a step that it reads', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const grants = [
      { granteeId: carol.id, permission: 'MANAGE' as const },
      { granteeId: bob.id, permission: 'USE' as const },
    ];
    const key = await createKey(carol, { grants: grants.slice(1) });
    const fetching = requestInput({ name: 'fetching' }, key);
    const { id: workflowId } = await createWorkflow(carol, [fetching]);
    const [step] = (await carol.data(workflowById, { id: workflowId })).workflow.steps;
    const { sendApiRequest } = fetching;
    const reading = requestInput({ name: 'reading', method: 'POST', body: { json: '"{{ steps.fetching.body }}"' } });
    const steps = [{ sendApiRequest: { ...sendApiRequest, id: step.id } }, reading];
    await bob.data(setWorkflowSteps, { input: { id: workflowId, steps } });
    await startRun(carol, { workflowId });
    await carol.data(setSecretAccess, { input: { id: key, level: 'RESTRICTED', grants: grants.slice(0, 1) } });
    expect(await run(team, carol, workflowId)).to.deep.equal(refusedFor([key], 0));
  });
});
