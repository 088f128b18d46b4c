import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf } from '../../support/membership.js';
import { refusalAnswer } from '../../support/refusals.js';
import { createKey } from '../../support/secret-keys.js';
import { recordedEvents, unchanged } from '../../support/stored.js';
import { createWorkflow, workflowById } from '../../support/workflow-operations.js';
import { codeInput, keyIn, requestInput } from '../../support/workflows.js';

describe('createWorkflow', () => {
  it('creates a workflow whose steps read as they were written, with where they name keys', async () => {
    const team = await newTeam();
    const { bob } = team;
    const key = await createKey(bob);
    const body = { json: '{\n  "id": "{{ steps.compute.id }}",\n  "n": 1\n}' };
    const url = 'https://api.example.com/{{ input["a b"][0] }}';
    const steps = [codeInput(), requestInput({ method: 'POST', url, body }, key)];
    const { createWorkflow: created } = await bob.data(createWorkflow, {
      input: { name: ' Sync ', description: 'Moves.', steps, activate: true },
    });
    const { workflow } = created;
    const person = { id: bob.id, kind: 'PERSON', name: 'Bob' };
    const [code, request] = workflow.steps;
    const place = 'headers[0].value';
    expect(created).to.deep.equal({
      workflow: {
        id: workflow.id,
        name: 'Sync',
        description: 'Moves.',
        state: 'ACTIVE',
        version: 1,
        viewerCan: ['RENAME', 'EDIT', 'ACTIVATE', 'DUPLICATE', 'DELETE', 'RUN'],
        createdBy: person,
        createdAt: workflow.createdAt,
        updatedBy: person,
        updatedAt: workflow.createdAt,
        secretKeys: [{ secretKey: { id: key }, step: 'send', place }],
        steps: [
          {
            id: code.id,
            name: 'compute',
            type: 'RUN_CODE',
            timeoutSeconds: 30,
            editedBy: person,
            code: 'return 1',
            variables: [],
          },
          {
            id: request.id,
            name: 'send',
            type: 'SEND_API_REQUEST',
            timeoutSeconds: 10,
            editedBy: person,
            method: 'POST',
            url,
            query: [],
            headers: [{ name: 'Authorization', value: `Bearer ${keyIn(key)}` }],
            basicAuth: null,
            expectStatus: null,
            body: { ...body, form: null, text: null, contentType: null },
          },
        ],
      },
      warnings: [
        {
          code: 'HOST_NOT_ALLOWED',
          field: `input.steps[1].sendApiRequest.${place}`,
          secretKey: { id: key },
        },
      ],
    });
    expect(await bob.data(workflowById, { id: workflow.id })).to.deep.equal({ workflow });
    expect((await recordedEvents(team)).map(({ type }) => type)).to.deep.equal([
      'secretKey.created',
      'workflow.created',
    ]);
  });

  it('is a CONFLICT when a workflow has the name, whatever its case, and changes nothing', async () => {
    const team = await newTeam();
    await team.bob.data(createWorkflow, { input: { name: 'Sync' } });
    for (const name of ['Sync', ' sYNC ']) {
      const answer = await unchanged(team, () => team.carol.ask(createWorkflow, { input: { name } }));
      expect(bodyOf(answer)).to.deep.equal(
        refusalAnswer('createWorkflow', 'CONFLICT', 'A workflow with this name exists in the organization.'),
      );
    }
    await team.stranger.data(createWorkflow, { input: { name: 'Sync' } });
  });
});
