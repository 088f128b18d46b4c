import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { runWorkflow, stepWithCode, unchangedRuns } from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

const canary = 'canary-1f0c-not-a-real-key';
const nested = (levels: number): object => (levels === 0 ? {} : { canary: nested(levels - 1) });

describe('runWorkflow with bad input', () => {
  it('names the field that is wrong without a word of what was in it, and starts nothing', async () => {
    const team = await newTeam();
    const { id: workflowId } = await createWorkflow(team.bob, [stepWithCode()]);
    for (const [change, field, message] of [
      [{ workflowId: undefined }, 'input.workflowId', 'is required'],
      [{ workflowId: [canary] }, 'input.workflowId', 'has the wrong type'],
      [{ input: canary }, 'input.input', 'must be an object'],
      [{ input: [{ canary }] }, 'input.input', 'must be an object'],
      [{ input: 1 }, 'input.input', 'must be an object'],
      [{ input: false }, 'input.input', 'must be an object'],
      [{ input: nested(32) }, 'input.input', 'is not a valid JSON'],
      [{ input: { canary: 'a'.repeat(64 * 1024) } }, 'input.input', 'is not a valid JSON'],
      [{ [canary]: 1 }, 'input', 'has a field that is not known'],
      [{ clientMutationId: `${canary} ` }, 'input.clientMutationId', 'must have 1 to 128 visible ASCII characters'],
    ] as const) {
      const input = { workflowId, ...change };
      const { text, errors } = await unchangedRuns(team, () => team.bob.ask(runWorkflow, { input }));
      expect(errors?.map(({ extensions }) => extensions)).to.deep.equal([
        { code: 'BAD_USER_INPUT', fields: [{ field, message }] },
      ]);
      expect(text).to.not.contain('canary');
    }
    expect(await unchangedRuns(team, () => team.bob.refusal(runWorkflow))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'input', message: 'is required' }],
    });
  });

  it('takes an input at its bounds', async () => {
    const { bob } = await newTeam();
    const { id: workflowId } = await createWorkflow(bob, [stepWithCode()]);
    const largest = { a: 'a'.repeat(64 * 1024 - '{"a":""}'.length) };
    for (const input of [nested(31), largest]) {
      const { runWorkflow: answer } = await bob.data(runWorkflow, { input: { workflowId, input } });
      expect(answer.run.input).to.deep.equal(input);
    }
  });
});
