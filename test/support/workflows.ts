/** Shortcuts for tests that need a workflow to be there. */
import type { Client } from './api.js';
import { uniqueName } from './secret-keys.js';

/** The input of a step that sends a key as a bearer token. */
export const stepWithKey = (secretKeyId: string, name = 'send') => ({
  sendApiRequest: {
    name,
    method: 'GET',
    url: 'https://api.example.com/',
    headers: [{ name: 'Authorization', value: `Bearer {{ secretKey:${secretKeyId} }}` }],
  },
});

/** Creates an active workflow as `client`, and returns its id and name. */
export async function createWorkflow(
  client: Client,
  steps: readonly object[],
  options: { readonly name?: string; readonly activate?: boolean } = {},
): Promise<{ readonly id: string; readonly name: string }> {
  const { name = uniqueName('Workflow'), activate = true } = options;
  const data = await client.data(
    'mutation ($input: CreateWorkflowInput!) { createWorkflow(input: $input) { workflow { id name } } }',
    { input: { name, steps, activate } },
  );
  return data.createWorkflow.workflow;
}
