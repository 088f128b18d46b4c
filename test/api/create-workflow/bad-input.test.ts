import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { newTeam } from '../../support/api.js';
import { badDescription, badName } from '../../support/membership.js';
import { createKey, deleteKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { createWorkflow } from '../../support/workflow-operations.js';
import { codeInput, itNamesWhatIsWrong, keyIn, requestInput } from '../../support/workflows.js';

const steps = (...inputs: readonly object[]) => ({ steps: inputs });
const send = 'input.steps[0].sendApiRequest';
const code = 'input.steps[0].runCode';
const id = newId();
const keysInVariables = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `key${index}`, value: keyIn(id) }));

describe('createWorkflow with bad input', () => {
  itNamesWhatIsWrong(createWorkflow, () => ({ name: 'Design' }), [
    ...badName,
    ...badDescription,
    [{ name: undefined }, 'input.name', 'is required'],
    [steps({}), 'input.steps[0]', 'must have exactly one of sendApiRequest and runCode'],
    [
      steps({ ...requestInput(), ...codeInput() }),
      'input.steps[0]',
      'must have exactly one of sendApiRequest and runCode',
    ],
    [{ steps: Array.from({ length: 51 }, () => codeInput()) }, 'input.steps', 'must have at most 50 elements'],
    [steps(codeInput(), codeInput()), 'input.steps[1].runCode.name', 'is the name of an earlier step'],
    [steps(codeInput({ id })), `${code}.id`, 'is no step of this workflow'],
    [steps(codeInput({ code: ' ' })), `${code}.code`, 'must not be empty'],
    [steps(codeInput({ timeoutSeconds: 31 })), `${code}.timeoutSeconds`, 'must be 1 to 30'],
    [steps(codeInput({ code: ';'.repeat(256 * 1024 + 1) })), `${code}.code`, 'must have at most 262144 bytes'],
    [
      steps(codeInput({ variables: [{ name: 'fetch', value: '' }] })),
      `${code}.variables[0].name`,
      'must not be the name of something that all code has',
    ],
    [
      steps(codeInput({ variables: [{ name: 'a', value: '{{ steps.later }}' }] }), requestInput({ name: 'later' })),
      `${code}.variables[0].value`,
      'column 1: must refer to an earlier step',
    ],
    [
      steps(requestInput({ url: 'https://api.example.com/{{ steps.none }}' })),
      `${send}.url`,
      'column 25: refers to a step that is not there',
    ],
    [
      steps(requestInput({ url: 'https://api.example.com/{{ input' })),
      `${send}.url`,
      'column 25: a reference is not closed with }}',
    ],
    [
      steps(requestInput({ url: `https://${keyIn(id)}/` })),
      `${send}.url`,
      'column 9: a key must not stand in the host, port or user name of a URL',
    ],
    [steps(requestInput({ url: 'ftp://a.example' })), `${send}.url`, 'must begin with https:// or http://'],
    [
      steps(requestInput({ headers: [{ name: 'a b', value: '' }] })),
      `${send}.headers[0].name`,
      "must be a header's name: letters, digits and !#$%&'*+-.^_`|~",
    ],
    [
      steps(requestInput({ headers: [{ name: keyIn(id), value: '' }] })),
      `${send}.headers[0].name`,
      'must hold no reference: it is a name',
    ],
    [steps(requestInput({ body: { text: 'a' } })), `${send}.body`, 'cannot be sent with GET'],
    [
      steps(requestInput({ method: 'POST', body: { json: '{\n "a": }' } })),
      `${send}.body.json`,
      'line 2, column 7: must be a JSON value',
    ],
    [
      steps(
        ...[100, 100, 1].map((count, index) => codeInput({ name: `step${index}`, variables: keysInVariables(count) })),
      ),
      'input.steps[2]',
      'must not bring the places that name keys to more than 200 in all',
    ],
    [steps(requestInput({ expectStatus: [600] })), `${send}.expectStatus[0]`, 'must be 100 to 599'],
  ]);

  it('tells nobody whether a key that they may not see is there', async () => {
    const team = await newTeam();
    const { bob, carol, stranger } = team;
    const deleted = await createKey(bob);
    await deleteKey(bob, deleted);
    for (const key of [newId(), await createKey(carol), await createKey(stranger), deleted]) {
      const input = { name: 'Design', steps: [requestInput({}, key)] };
      expect(await unchanged(team, () => bob.refusal(createWorkflow, { input }))).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field: `${send}.headers[0].value`, message: 'column 8: refers to a key that is not there' }],
      });
    }
  });
});
