import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { codeStep, queueRun } from '../../support/queued-runs.js';
import { cancelRun, startRun, unchangedRuns, workflowRun, writeRun } from '../../support/runs.js';

describe('cancelRun by whoever may not', () => {
  it('is FORBIDDEN to who neither started the run nor created its workflow, and to an auditor of an own one', async () => {
    const team = await newTeam();
    const { api, organizationId, bob, carol, dave, deployBot } = team;
    const ofBob = await startRun(bob);
    const ofDave = await queueRun(api, organizationId, dave.id, [codeStep(dave.id, 'return 1;')]);
    const ended = await startRun(bob);
    await writeRun(team, ended, { state: 'SUCCEEDED', startedAt: 1, finishedAt: 2 });
    for (const id of [ofBob, ofDave, ended]) {
      for (const caller of [carol, deployBot, dave]) {
        expect([
          caller.name,
          await unchangedRuns(team, () => caller.refusal(cancelRun, { input: { id } })),
          (await caller.data(workflowRun, { id })).workflowRun.viewerCan,
        ]).to.deep.equal([caller.name, { code: 'FORBIDDEN' }, []]);
      }
    }
  });
});
