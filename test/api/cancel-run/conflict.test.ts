import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { refusalAnswer } from '../../support/refusals.js';
import { bodyOf, cancelRun, startRun, unchangedRuns, writeRun } from '../../support/runs.js';

describe('cancelRun of a run that has ended otherwise', () => {
  it('leaves it as it is', async () => {
    const team = await newTeam();
    for (const state of ['SUCCEEDED', 'FAILED', 'INTERRUPTED'] as const) {
      const id = await startRun(team.bob);
      await writeRun(team, id, { state, startedAt: 1, finishedAt: 2 });
      const answer = await unchangedRuns(team, () => team.bob.ask(cancelRun, { input: { id } }));
      expect(bodyOf(answer)).to.deep.equal(refusalAnswer('cancelRun', 'CONFLICT', 'The run has ended.'));
    }
  });
});
