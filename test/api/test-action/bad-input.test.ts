import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { newTeam } from '../../support/api.js';
import { stepWithCode, testAction, unchangedRuns } from '../../support/runs.js';
import { createKey } from '../../support/secret-keys.js';
import { createWorkflow, requestInput } from '../../support/workflows.js';

const canary = 'canary-1f0c-not-a-real-key';

describe('testAction with bad input', () => {
  it('names the field that is wrong without a word of what was in it, and starts nothing', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const { id: workflowId } = await createWorkflow(bob, [stepWithCode('saved')]);
    const hidden = await createKey(carol);
    const withVariable = (value: string) => ({
      runCode: { name: 'count', code: 'return n;', variables: [{ name: 'n', value }] },
    });
    const oneOfTwo = 'must have exactly one of sendApiRequest and runCode';
    const noKey = 'refers to a key that is not there';
    for (const [change, field, message] of [
      [{ step: undefined }, 'input.step', 'is required'],
      [{ step: {} }, 'input.step', oneOfTwo],
      [{ step: { ...stepWithCode(), ...requestInput({}, hidden) } }, 'input.step', oneOfTwo],
      [{ step: requestInput({}, hidden) }, 'input.step.sendApiRequest.headers[0].value', noKey],
      [{ step: requestInput({}, newId()) }, 'input.step.sendApiRequest.headers[0].value', noKey],
      [{ step: { runCode: { ...stepWithCode().runCode, id: newId() } } }, 'input.step.runCode.id', 'is no step'],
      [{ step: stepWithCode('a b') }, 'input.step.runCode.name', 'must be a letter or _'],
      [{ previousOutputs: { count: 1 } }, 'input.step.runCode.name', 'is the name of an earlier step'],
      [{ step: withVariable(`{{ steps.${'canary'}.a }}`) }, 'input.step.runCode.variables[0].value', ''],
      [{ input: canary }, 'input.input', 'must be an object'],
      [{ previousOutputs: [canary] }, 'input.previousOutputs', 'must be an object'],
      [{ workflowId: [canary] }, 'input.workflowId', 'has the wrong type'],
      [{ [canary]: 1 }, 'input', 'has a field that is not known'],
    ] as const) {
      const input = { workflowId, step: stepWithCode(), ...change };
      const { errors } = await unchangedRuns(team, () => bob.ask(testAction, { input }));
      const problems = errors?.map(({ extensions }) => extensions);
      const [problem] = (problems?.[0]?.fields ?? []) as { field: string; message: string }[];
      expect(problems).to.deep.equal([{ code: 'BAD_USER_INPUT', fields: [{ field, message: problem?.message }] }]);
      expect(problem?.message).to.contain(message);
      expect(JSON.stringify(errors)).to.not.contain(canary);
    }
  });
});
