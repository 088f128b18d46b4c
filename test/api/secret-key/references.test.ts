import { expect } from 'chai';
import { newTeam, type Team } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { createWorkflow, requestInput } from '../../support/workflows.js';

const references = `query ($id: ID!, $first: Int, $after: String) {
  secretKey(id: $id) { references(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { workflow { id } step places } } }
}`;
const setAccess = `mutation ($input: SetSecretAccessInput!) { setSecretAccess(input: $input) { warnings { code } } }`;
const preview = `query ($input: SetSecretAccessInput!) {
  previewSetSecretAccess(input: $input) { stopCount stops { workflow { id } step editedBy { name } } }
}`;
const remove = `mutation ($input: DeleteSecretKeyInput!) { deleteSecretKey(input: $input) { deletedId } }`;

const stepWithKey = (key: string, name = 'send') => requestInput({ name }, key);

describe('where a key is used', () => {
  let team: Team;
  let key: string;

  beforeEach(async () => {
    team = await newTeam();
    key = await createKey(team.bob, {
      grants: [
        { granteeId: team.bob.id, permission: 'MANAGE' },
        { granteeId: team.carol.id, permission: 'USE' },
      ],
    });
  });

  it('is told to managers, administrators and auditors, page by page, and hidden from those who use it', async () => {
    const first = await createWorkflow(team.bob, [stepWithKey(key, 'one'), stepWithKey(key, 'two')]);
    const second = await createWorkflow(team.carol, [stepWithKey(key, 'three')]);
    const node = (workflow: { readonly id: string }, step: string) => ({
      workflow: { id: workflow.id },
      step,
      places: ['headers[0].value'],
    });
    for (const client of [team.bob, team.alice, team.dave]) {
      const { secretKey } = await client.data(references, { id: key, first: 2 });
      expect(secretKey.references.totalCount).to.equal(3);
      expect(secretKey.references.pageInfo.hasNextPage).to.equal(true);
      const rest = await client.data(references, { id: key, first: 2, after: secretKey.references.pageInfo.endCursor });
      const all = [...secretKey.references.nodes, ...rest.secretKey.references.nodes];
      expect(all).to.have.deep.members([node(first, 'one'), node(first, 'two'), node(second, 'three')]);
    }
    const hidden = await team.carol.data(references, { id: key, first: 2 });
    expect(hidden).to.deep.equal({ secretKey: { references: null } });
  });

  it('refuses a cursor that this list did not give, whatever is in it', async () => {
    const forged = (value: string) =>
      Buffer.from(JSON.stringify([`references/${key}`, value, key])).toString('base64url');
    for (const after of ['x', forged('é'), forged('')]) {
      expect(await team.bob.refusal(references, { id: key, first: 2, after })).to.deep.include({
        code: 'BAD_USER_INPUT',
      });
    }
  });

  it('keeps the key from being deleted, names the workflows, and lets go when told to, until it is restored', async () => {
    const workflow = await createWorkflow(team.carol, [stepWithKey(key)]);
    const { errors } = await team.bob.ask(remove, { input: { id: key } });
    expect(errors?.map(({ extensions }) => extensions)).to.deep.equal([
      { code: 'SECRET_KEY_IN_USE', workflows: [workflow], workflowCount: 1, notVisibleWorkflowCount: 0 },
    ]);
    expect(await team.bob.data(remove, { input: { id: key, breakReferences: true } })).to.deep.equal({
      deleteSecretKey: { deletedId: key },
    });
    await team.bob.data(
      'mutation ($input: RestoreSecretKeyInput!) { restoreSecretKey(input: $input) { secretKey { id } } }',
      {
        input: { id: key },
      },
    );
    const { secretKey } = await team.bob.data(references, { id: key });
    expect(secretKey.references.nodes.map((node: { workflow: object }) => node.workflow)).to.deep.equal([
      { id: workflow.id },
    ]);
  });

  it('is told to nobody who could not delete it: the same refusal, whether or not workflows name it', async () => {
    const refusal = await team.carol.ask(remove, { input: { id: key } });
    await createWorkflow(team.carol, [stepWithKey(key)]);
    expect((await team.carol.ask(remove, { input: { id: key } })).text).to.equal(refusal.text);
    expect(refusal.errors?.map(({ extensions }) => extensions)).to.deep.equal([{ code: 'FORBIDDEN' }]);
  });

  it('lets a key go that no workflow names any more', async () => {
    const workflow = await createWorkflow(team.carol, [stepWithKey(key)]);
    await team.carol.data(
      'mutation ($input: SetWorkflowStepsInput!) { setWorkflowSteps(input: $input) { workflow { id } } }',
      {
        input: { id: workflow.id, steps: [] },
      },
    );
    expect(await team.bob.data(remove, { input: { id: key } })).to.deep.equal({ deleteSecretKey: { deletedId: key } });
  });

  it('tells which active workflows a change of access would stop, and warns when it was made', async () => {
    const active = await createWorkflow(team.carol, [stepWithKey(key)]);
    await createWorkflow(team.carol, [stepWithKey(key)], { activate: false });
    await createWorkflow(team.bob, [stepWithKey(key)]);
    const withoutCarol = { id: key, level: 'RESTRICTED', grants: [{ granteeId: team.bob.id, permission: 'MANAGE' }] };
    expect(await team.bob.data(preview, { input: withoutCarol })).to.deep.equal({
      previewSetSecretAccess: {
        stopCount: 1,
        stops: [{ workflow: { id: active.id }, step: 'send', editedBy: { name: 'Carol' } }],
      },
    });
    expect(await team.bob.data(preview, { input: { id: key, level: 'TEAM' } })).to.deep.equal({
      previewSetSecretAccess: { stopCount: 0, stops: [] },
    });
    expect(await team.bob.data(setAccess, { input: withoutCarol })).to.deep.equal({
      setSecretAccess: { warnings: [{ code: 'WORKFLOWS_STOP' }] },
    });
    expect(await team.bob.data(setAccess, { input: withoutCarol })).to.deep.equal({
      setSecretAccess: { warnings: [] },
    });
  });
});
