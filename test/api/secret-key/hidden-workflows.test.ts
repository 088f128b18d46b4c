import { expect } from 'chai';
import type { WorkflowId } from '../../../src/ids.js';
import { WorkflowEntity } from '../../../src/modules/workflow/workflow.entity.js';
import { workflowDocument } from '../../../src/vault/documents.js';
import { newTeam, type Team, type TestApi } from '../../support/api.js';
import { startApiWithPolicies } from '../../support/other-policies.js';
import { createKey } from '../../support/secret-keys.js';
import { replaceSecretKeyReferences } from '../../support/workflow-operations.js';
import { makeWorkflow, requestInput } from '../../support/workflows.js';

const previewSetSecretAccess = `query ($input: SetSecretAccessInput!) {
  previewSetSecretAccess(input: $input) { stopCount stops { workflow { id } step editedBy { name } } }
}`;
const deleteSecretKey = 'mutation ($input: DeleteSecretKeyInput!) { deleteSecretKey(input: $input) { deletedId } }';

/** Members see the workflows that they created and edit those, and see the ones that nobody created. */
const narrowed = (rules: string): string =>
  `${rules
    .replace(/(id: workflow\/read\n.*\n.*)\[admin, member, /, '$1[admin, ')
    .replace(/(id: workflow\/work-on\n.*\n.*)\[admin, member, /, '$1[admin, ')}
- id: workflow/members-work-on-their-own
  effect: allow
  to: [member]
  actions: [create, edit]
  subject: Workflow
  when:
    organizationId: principal.organizationId
    createdById: principal.id
  why: For this test.

- id: workflow/members-see-their-own
  effect: allow
  to: [member]
  actions: [read]
  subject: Workflow
  fields: [id, name, description, state, version, steps, secretKeys, runs, viewerCan, createdBy, createdAt, updatedBy, updatedAt]
  when:
    organizationId: principal.organizationId
    createdById: principal.id
  why: For this test.

- id: workflow/members-see-what-nobody-created
  effect: allow
  to: [member]
  actions: [read]
  subject: Workflow
  fields: [id, name, description, state, version, steps, secretKeys, runs, viewerCan, createdBy, createdAt, updatedBy, updatedAt]
  when:
    organizationId: principal.organizationId
    createdById: null
  why: For this test.
`;

describe('a key that is named by workflows that the caller may not see', () => {
  let api: TestApi;
  before(async () => {
    api = await startApiWithPolicies('rules/workflow.yaml', narrowed);
  });
  after(() => api.close());

  /** A key of bob's, which carol uses in a workflow that nobody created and in one that bob does not see. */
  async function usedKey(team: Team) {
    const { bob, carol } = team;
    const key = await createKey(bob, { grants: [{ granteeId: carol.id, permission: 'USE' }] });
    const steps = [requestInput({}, key)];
    const shown = await makeWorkflow(carol, { name: 'Shown', steps, activate: true });
    await makeWorkflow(carol, { name: 'Hidden', steps, activate: true });
    const { database, writer } = api.services;
    await database.transaction(async (tx) => {
      const where = { organizationId: team.organizationId, id: shown as WorkflowId };
      const { id, ...head } = { ...(await tx.manager.findOneOrFail(WorkflowEntity, { where })), createdById: null };
      const signature = writer.signer.sign(workflowDocument({ ...head, workflowId: id }));
      await tx.manager.update(WorkflowEntity, where, { createdById: null, signature });
    });
    return { key, steps, shown };
  }

  it('is not deleted: at most 20 workflows are named, and those that are seen and those that are not are counted', async () => {
    const team = await newTeam(api);
    const { key, steps } = await usedKey(team);
    const own: { id: string; name: string }[] = [];
    for (let index = 10; index < 31; index += 1) {
      const name = `Own ${index}`;
      own.push({ id: await makeWorkflow(team.bob, { name, steps }), name });
    }
    const { errors } = await team.bob.ask(deleteSecretKey, { input: { id: key } });
    expect(errors?.map(({ extensions }) => extensions)).to.deep.equal([
      { code: 'SECRET_KEY_IN_USE', workflows: own.slice(0, 20), workflowCount: 22, notVisibleWorkflowCount: 1 },
    ]);
    const { errors: toAdmin } = await team.alice.ask(deleteSecretKey, { input: { id: key } });
    expect(
      toAdmin?.map(({ extensions: { workflowCount, notVisibleWorkflowCount } }) => [
        workflowCount,
        notVisibleWorkflowCount,
      ]),
    ).to.deep.equal([[23, 0]]);
  });

  it('is replaced where the caller may edit, and the workflows that stay are told of or counted', async () => {
    const team = await newTeam(api);
    const { key: from, steps, shown } = await usedKey(team);
    const to = await createKey(team.bob);
    const own = await makeWorkflow(team.bob, { name: 'Own', steps });
    expect(await team.bob.data(replaceSecretKeyReferences, { input: { from, to } })).to.deep.equal({
      replaceSecretKeyReferences: {
        moved: [{ id: own, name: 'Own', version: 2 }],
        notMoved: [{ workflow: { id: shown, name: 'Shown' }, reason: 'WORKFLOW_NOT_EDITABLE' }],
        notVisibleCount: 1,
      },
    });
  });

  it('is previewed with all workflows that would stop counted, and those named that are seen', async () => {
    const team = await newTeam(api);
    const { key: id, shown } = await usedKey(team);
    const input = { id, level: 'RESTRICTED', grants: [{ granteeId: team.bob.id, permission: 'MANAGE' }] };
    expect(await team.bob.data(previewSetSecretAccess, { input })).to.deep.equal({
      previewSetSecretAccess: {
        stopCount: 2,
        stops: [{ workflow: { id: shown }, step: 'send', editedBy: { name: 'Carol' } }],
      },
    });
  });
});
