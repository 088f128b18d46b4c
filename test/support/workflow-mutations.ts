/** Every mutation of workflows and runs with input that succeeds, beside those of keys. */
import type { Client } from './api.js';
import type { Request } from './mutations.js';
import { uniqueName } from './secret-keys.js';
import * as operations from './workflow-operations.js';
import { codeInput, makeWorkflow } from './workflows.js';

type Prepare = (client: Client) => Promise<Request>;

const onWorkflow =
  (query: string, change: () => Record<string, unknown> = () => ({}), made: Record<string, unknown> = {}): Prepare =>
  async (client) => ({
    query,
    input: { id: await makeWorkflow(client, made), ...change() },
    other: { id: await makeWorkflow(client, made), ...change() },
  });

const queuedRun = async (client: Client): Promise<string> => {
  const data = await client.data(operations.testAction, { input: { step: codeInput() } });
  return data.testAction.run.id;
};

export const workflowMutations: Readonly<Record<string, Prepare>> = {
  createWorkflow: async () => ({
    query: operations.createWorkflow,
    input: { name: uniqueName() },
    other: { name: uniqueName() },
  }),
  renameWorkflow: onWorkflow(operations.renameWorkflow, () => ({ name: uniqueName() })),
  setWorkflowSteps: onWorkflow(operations.setWorkflowSteps, () => ({ steps: [codeInput()] })),
  activateWorkflow: onWorkflow(operations.activateWorkflow),
  deactivateWorkflow: onWorkflow(operations.deactivateWorkflow, undefined, { activate: true }),
  duplicateWorkflow: onWorkflow(operations.duplicateWorkflow, () => ({ name: uniqueName() })),
  deleteWorkflow: onWorkflow(operations.deleteWorkflow),
  runWorkflow: async (client) => {
    const workflowId = await makeWorkflow(client, { activate: true, steps: [codeInput()] });
    return {
      query: operations.runWorkflow,
      input: { workflowId, input: { a: 1 } },
      other: { workflowId, input: { a: 2 } },
    };
  },
  testAction: async () => ({
    query: operations.testAction,
    input: { step: codeInput() },
    other: { step: codeInput({ code: 'return 2' }) },
  }),
  cancelRun: async (client) => ({
    query: operations.cancelRun,
    input: { id: await queuedRun(client) },
    other: { id: await queuedRun(client) },
  }),
};
