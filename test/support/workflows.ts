/** Workflows: shortcuts for tests that need some, and what all operations on them refuse. */
import { expect } from 'chai';
import { newId } from '../../src/ids.js';
import { type Answer, type Client, newTeam, type Team } from './api.js';
import { bodyOf } from './membership.js';
import { comparable, refusalAnswer } from './refusals.js';
import { createKey, uniqueName } from './secret-keys.js';
import { unchanged } from './stored.js';
import * as operations from './workflow-operations.js';

type Input = Record<string, unknown>;

export const keyIn = (id: string): string => `{{ secretKey:${id} }}`;

/** A step that sends a request, with a key in a header when one is given. */
export const requestInput = (change: Input = {}, keyId?: string): { readonly sendApiRequest: Input } => ({
  sendApiRequest: {
    name: 'send',
    method: 'GET',
    url: 'https://api.example.com/users',
    ...(keyId === undefined ? {} : { headers: [{ name: 'Authorization', value: `Bearer ${keyIn(keyId)}` }] }),
    ...change,
  },
});

/** The input of a step that sends a key as a bearer token. */
export const stepWithKey = (secretKeyId: string, name = 'send') =>
  requestInput({ name, url: 'https://api.example.com/' }, secretKeyId);

export const codeInput = (change: Input = {}): { readonly runCode: Input } => ({
  runCode: { name: 'compute', code: 'return 1', ...change },
});

/** Creates a workflow as `client`, inactive and without steps unless told otherwise, and returns its id. */
export async function makeWorkflow(client: Client, change: Input = {}): Promise<string> {
  const input = { name: uniqueName('Workflow'), ...change };
  return (await client.data(operations.createWorkflow, { input })).createWorkflow.workflow.id;
}

/** Creates a workflow with these steps as `client`, an active one unless told otherwise. */
export async function createWorkflow(
  client: Client,
  steps: readonly object[],
  { name = uniqueName('Workflow'), activate = true }: { readonly name?: string; readonly activate?: boolean } = {},
): Promise<{ readonly id: string; readonly name: string }> {
  return { id: await makeWorkflow(client, { name, steps, activate }), name };
}

export const isForbidden = (operation: string) =>
  refusalAnswer(operation, 'FORBIDDEN', 'You are not allowed to do this.');

/** @param inputOf an input that would succeed for the workflow's creator. */
export function itIsForbiddenToAuditors(
  operation: string,
  query: string,
  inputOf: (workflowId: string, team: Team) => Input | Promise<Input>,
): void {
  it('is FORBIDDEN to an auditor, whether what they name is there or not, and changes nothing', async () => {
    const team = await newTeam();
    const input = await inputOf(await makeWorkflow(team.bob), team);
    for (const asked of [input, ...('id' in input ? [{ ...input, id: newId() }] : [])]) {
      const answer = await unchanged(team, () => team.dave.ask(query, { input: asked }));
      expect(bodyOf(answer)).to.deep.equal(isForbidden(operation));
    }
  });
}

/**
 * @param variables with the id that nothing is found by.
 * @param answer the body, without the locations in the document.
 */
export function itFindsNoWorkflow(
  query: string,
  variables: (id: string) => Input,
  answer: unknown,
  callersOf: (team: Team) => readonly Client[] = ({ alice, bob, deployBot }) => [alice, bob, deployBot],
): void {
  it('answers alike, byte for byte, for a workflow that is absent, deleted, foreign or malformed, or is a key', async () => {
    const team = await newTeam();
    const own = await makeWorkflow(team.bob);
    const deleted = await makeWorkflow(team.bob);
    await team.bob.data(operations.deleteWorkflow, { input: { id: deleted } });
    const foreign = await makeWorkflow(team.stranger);
    const key = await createKey(team.bob);
    const ids = [newId(), deleted, foreign, key, own.toUpperCase(), `${own} `, 'not-an-id', ''];
    for (const caller of callersOf(team)) {
      const answers: Answer[] = [];
      for (const id of ids) answers.push(await unchanged(team, () => caller.ask(query, variables(id))));
      const [first, ...others] = answers.map(comparable);
      for (const other of others) expect(other).to.deep.equal(first);
      expect(answers.map(bodyOf)[0]).to.deep.equal(answer);
    }
  });
}

export type BadInput = readonly (readonly [change: Input, field: string, message: string])[];

/** @param inputOf an input that would succeed for bob, about a workflow of his; each case changes it. */
export function itNamesWhatIsWrong(
  query: string,
  inputOf: (workflowId: string, team: Team) => Input | Promise<Input>,
  cases: BadInput,
): void {
  it('names every field that is wrong, and changes nothing', async () => {
    const team = await newTeam();
    const input = await inputOf(await makeWorkflow(team.bob), team);
    const all: BadInput = [
      ...cases,
      [{ canary: 'canary' }, 'input', 'has a field that is not known'],
      [{ clientMutationId: 'a key' }, 'input.clientMutationId', 'must have 1 to 128 visible ASCII characters'],
    ];
    for (const [change, field, message] of all) {
      const refusal = await unchanged(team, () => team.bob.refusal(query, { input: { ...input, ...change } }));
      expect([change, refusal]).to.deep.equal([change, { code: 'BAD_USER_INPUT', fields: [{ field, message }] }]);
    }
    expect(await unchanged(team, () => team.bob.refusal(query))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'input', message: 'is required' }],
    });
  });
}
