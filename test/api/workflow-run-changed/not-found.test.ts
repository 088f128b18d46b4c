import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { newTeam } from '../../support/api.js';
import { openStream } from '../../support/event-stream.js';
import { startRun, workflowRunChanged } from '../../support/runs.js';

describe('workflowRunChanged of nothing', () => {
  it('answers alike for a run that is absent or foreign and for an id that is malformed, and completes', async () => {
    const { bob, stranger } = await newTeam();
    const foreign = await startRun(stranger);
    for (const id of [newId(), foreign, foreign.toUpperCase(), 'not-an-id', '']) {
      const events = await (await openStream(bob, workflowRunChanged, { id })).rest();
      const [answer] = events;
      for (const error of answer?.data.errors ?? []) delete error.locations;
      expect(events).to.deep.equal([
        {
          event: 'next',
          data: {
            errors: [{ message: 'Not found.', path: ['workflowRunChanged'], extensions: { code: 'NOT_FOUND' } }],
          },
        },
        { event: 'complete', data: null },
      ]);
    }
  });
});
