import { expect } from 'chai';
import { newTeam, type Team } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { setWorkflowSteps, workflowById } from '../../support/workflow-operations.js';
import { codeInput, itIsForbiddenToAuditors, keyIn, makeWorkflow, requestInput } from '../../support/workflows.js';

type StepOf = ReturnType<typeof requestInput> | ReturnType<typeof codeInput>;

/** A step that sends elsewhere what an earlier one left. */
const sending = (name: string, of: string, change: object = {}) =>
  requestInput({ name, method: 'POST', body: { json: `{"all":"{{ steps.${of}.body }}"}` }, ...change });

/** The inputs of the steps as they are saved. */
async function withIds(team: Team, id: string, steps: readonly StepOf[]): Promise<StepOf[]> {
  const { workflow } = await team.carol.data(workflowById, { id });
  return steps.map((step, index) => {
    const stepId = workflow.steps[index].id;
    return 'runCode' in step
      ? codeInput({ ...step.runCode, id: stepId })
      : requestInput({ ...step.sendApiRequest, id: stepId });
  });
}

const readsAKey = (field: string, position = 'column 9') => ({
  code: 'FORBIDDEN',
  fields: [{ field, message: `${position}: reads what a key brings back that you are not allowed to use` }],
});

describe('setWorkflowSteps by whoever changes nothing', () => {
  itIsForbiddenToAuditors('setWorkflowSteps', setWorkflowSteps, (id) => ({ id, steps: [] }));

  it('refuses a step that reads what a key brings back to whoever may not use the key, seen or hidden, and names the field', async () => {
    const team = await newTeam();
    const { alice, bob, carol } = team;
    const steps = [requestInput({ name: 'fetching' }, await createKey(carol))];
    const id = await makeWorkflow(carol, { steps });
    const [fetching] = await withIds(team, id, steps);
    const field = 'input.steps[1].sendApiRequest.body.json';
    for (const caller of [bob, alice]) {
      const input = { id, steps: [fetching, sending('leaking', 'fetching')] };
      expect(await unchanged(team, () => caller.refusal(setWorkflowSteps, { input }))).to.deep.equal(readsAKey(field));
    }
    await carol.data(setWorkflowSteps, { input: { id, steps: [fetching, sending('meant', 'fetching')] } });
  });

  it('refuses it also when the key is behind a step that reads another, and in a variable of code', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const middle = codeInput({ name: 'middle', variables: [{ name: 'all', value: '{{ steps.fetching.body }}' }] });
    const steps = [requestInput({ name: 'fetching' }, await createKey(carol)), middle];
    const id = await makeWorkflow(carol, { steps });
    const kept = await withIds(team, id, steps);
    const variable = { name: 'a', value: '{{ steps.middle }}' };
    for (const [step, field, position] of [
      [sending('leaking', 'middle'), 'input.steps[2].sendApiRequest.body.json', 'column 9'],
      [codeInput({ name: 'leaking', variables: [variable] }), 'input.steps[2].runCode.variables[0].value', 'column 1'],
    ] as const) {
      const input = { id, steps: [...kept, step] };
      expect(await unchanged(team, () => bob.refusal(setWorkflowSteps, { input }))).to.deep.equal(
        readsAKey(field, position),
      );
    }
  });

  it('counts a step as changed when names were swapped so that it reads another step', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const url = 'https://status.example.com/';
    const steps = [
      requestInput({ name: 'fetching' }, await createKey(carol)),
      requestInput({ name: 'harmless', url }),
      sending('reporting', 'harmless'),
    ];
    const id = await makeWorkflow(carol, { steps });
    const [fetching, harmless, reporting] = await withIds(team, id, steps);
    const named = (step: StepOf | undefined, name: string) =>
      requestInput({ ...(step as ReturnType<typeof requestInput>).sendApiRequest, name });
    const own = await createKey(bob);
    // The step with the key would have to be renamed too, which is a change that bob may not make: he sees no key there.
    const swapped = { id, steps: [named(fetching, 'harmless'), named(harmless, 'fetching'), reporting] };
    expect((await unchanged(team, () => bob.refusal(setWorkflowSteps, { input: swapped }))).code).to.equal(
      'BAD_USER_INPUT',
    );

    // What he may change: another step of that name, which carol's step then reads. It is his from now on.
    const replaced = { id, steps: [fetching, requestInput({ name: 'harmless', url }, own), reporting] };
    const { workflow } = (await bob.data(setWorkflowSteps, { input: replaced })).setWorkflowSteps;
    expect(workflow.steps.map(({ editedBy }: { editedBy: { name: string } }) => editedBy.name)).to.deep.equal([
      'Carol',
      'Bob',
      'Bob',
    ]);
  });

  it("refuses a step that reads another step since its name was given away, when the caller may not use that one's key", async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const shared = await createKey(carol, { grants: [{ granteeId: bob.id, permission: 'USE' }] });
    const steps = [
      requestInput({ name: 'one' }, shared),
      requestInput({ name: 'two' }, shared),
      sending('reporting', 'one', { headers: [{ name: 'A', value: keyIn(await createKey(carol)) }] }),
    ];
    const id = await makeWorkflow(carol, { steps });
    const [one, two, reporting] = await withIds(team, id, steps);
    const named = (step: StepOf | undefined, name: string) =>
      requestInput({ ...(step as ReturnType<typeof requestInput>).sendApiRequest, name });
    const input = { id, steps: [named(one, 'two'), named(two, 'one'), reporting] };
    expect(await unchanged(team, () => bob.refusal(setWorkflowSteps, { input }))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [
        {
          field: 'input.steps[2].sendApiRequest.headers[0].value',
          message: 'column 1: refers to a key that is not there',
        },
      ],
    });
    // In another place, reading the same steps, it stays carol's.
    const moved = { id, steps: [two, one, reporting] };
    const { workflow } = (await bob.data(setWorkflowSteps, { input: moved })).setWorkflowSteps;
    expect(workflow.steps.map(({ editedBy }: { editedBy: { name: string } }) => editedBy.name)).to.deep.equal([
      'Carol',
      'Carol',
      'Carol',
    ]);
  });
});
