import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { cancelRun, startRun, unchangedRuns } from '../../support/runs.js';

describe('cancelRun with bad input', () => {
  it('names the field that is wrong, and cancels nothing', async () => {
    const team = await newTeam();
    const id = await startRun(team.bob);
    for (const [change, field, message] of [
      [{ id: undefined }, 'input.id', 'is required'],
      [{ id: null }, 'input.id', 'is required'],
      [{ id: [id, id] }, 'input.id', 'has the wrong type'],
      [{ canary: 1 }, 'input', 'has a field that is not known'],
      [{ clientMutationId: 'a key' }, 'input.clientMutationId', 'must have 1 to 128 visible ASCII characters'],
    ] as const) {
      const input = { id, ...change };
      expect([change, await unchangedRuns(team, () => team.bob.refusal(cancelRun, { input }))]).to.deep.equal([
        change,
        { code: 'BAD_USER_INPUT', fields: [{ field, message }] },
      ]);
    }
  });
});
