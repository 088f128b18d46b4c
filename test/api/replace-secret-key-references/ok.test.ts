import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { recordedEvents } from '../../support/stored.js';
import { replaceSecretKeyReferences, workflowById } from '../../support/workflow-operations.js';
import { keyIn, makeWorkflow, requestInput } from '../../support/workflows.js';

describe('replaceSecretKeyReferences', () => {
  it('moves the steps that it may, and tells of those with another key that the caller may not use', async () => {
    const team = await newTeam();
    const { bob, carol, growth } = team;
    const use = { grants: [{ granteeId: growth, permission: 'USE' as const }] };
    const [from, to, third] = [await createKey(carol, use), await createKey(bob), await createKey(carol)];
    const moved = await makeWorkflow(carol, { name: 'Moved', steps: [requestInput({}, from)] });
    const query = [{ name: 'key', value: keyIn(third) }];
    const kept = await makeWorkflow(carol, { name: 'Kept', steps: [requestInput({ query }, from)] });
    expect(await bob.data(replaceSecretKeyReferences, { input: { from, to } })).to.deep.equal({
      replaceSecretKeyReferences: {
        moved: [{ id: moved, name: 'Moved', version: 2 }],
        notMoved: [{ workflow: { id: kept, name: 'Kept' }, reason: 'OTHER_SECRET_KEY_NOT_USABLE' }],
        notVisibleCount: 0,
      },
    });
    const { workflow } = await bob.data(workflowById, { id: moved });
    expect([workflow.secretKeys, workflow.steps[0].headers, workflow.steps[0].editedBy.name]).to.deep.equal([
      [{ secretKey: { id: to }, step: 'send', place: 'headers[0].value' }],
      [{ name: 'Authorization', value: `Bearer ${keyIn(to)}` }],
      'Bob',
    ]);
    expect((await recordedEvents(team)).slice(-2).map(({ type, actor }) => [type, actor])).to.deep.equal([
      ['workflow.stepsChanged', 'Bob'],
      ['secretKey.referencesReplaced', 'Bob'],
    ]);
  });

  it('leaves a step that reads what a third key brings back, which the caller may not use', async () => {
    const team = await newTeam();
    const { bob, carol, growth } = team;
    const use = { grants: [{ granteeId: growth, permission: 'USE' as const }] };
    const [from, to, third] = [await createKey(carol, use), await createKey(bob), await createKey(carol)];
    const reading = { name: 'reading', method: 'POST', body: { json: '"{{ steps.send.body }}"' } };
    const id = await makeWorkflow(carol, {
      name: 'Kept',
      steps: [requestInput({}, third), requestInput(reading, from)],
    });
    expect(await bob.data(replaceSecretKeyReferences, { input: { from, to } })).to.deep.equal({
      replaceSecretKeyReferences: {
        moved: [],
        notMoved: [{ workflow: { id, name: 'Kept' }, reason: 'OTHER_SECRET_KEY_NOT_USABLE' }],
        notVisibleCount: 0,
      },
    });
  });
});
