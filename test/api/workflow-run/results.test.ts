import { expect } from 'chai';
import type { RunId } from '../../../src/ids.js';
import { newTeam, startTestApi, type Team, type TestApi } from '../../support/api.js';
import { openStream } from '../../support/event-stream.js';
import { startRun, stepWithCode, writeRun } from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

const mebibyte = 1024 * 1024;
const names = ['first', 'second', 'third'];
const allowed = { resultBytes: 8 * mebibyte, resultParts: 1_000_000 };
const refused = (limit: keyof typeof allowed, ...path: (string | number)[]) => ({
  message:
    'The operation asks for too much of inputs, outputs and logs. Ask for those of fewer runs, or of fewer steps by their names.',
  path: ['workflowRun', ...path],
  extensions: { code: 'BAD_USER_INPUT', limit, allowed: allowed[limit] },
});

/** A run that has ended, whose three steps have outputs of 3 MiB and logs of one line. */
async function largeRun(team: Team): Promise<RunId> {
  const { id: workflowId } = await createWorkflow(
    team.bob,
    names.map((name) => stepWithCode(name)),
  );
  const id = await startRun(team.bob, { workflowId, input: { city: 'Bern' } });
  const logs = JSON.stringify([{ level: 'info', text: 'a line' }]);
  await writeRun(
    team,
    id,
    { state: 'SUCCEEDED', startedAt: 1, finishedAt: 2 },
    names.map((name) => ({ state: 'SUCCEEDED', output: JSON.stringify(outputOf(name)), logs })),
  );
  return id;
}

const outputOf = (name: string): string => name.padEnd(3 * mebibyte, '.');

describe('the results of runs in one operation', () => {
  let api: TestApi;
  let team: Team;
  const texts: string[] = [];
  before(async () => {
    api = await startTestApi();
    team = await newTeam(api);
    const { database } = api.services;
    const query = database.query.bind(database);
    database.query = async (sql, parameters) => {
      const rows = await query(sql, parameters);
      texts.push(...rows.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])));
      return rows;
    };
  });
  after(() => api.close());

  const ask = async (id: RunId, fields: string) => {
    texts.length = 0;
    const { data, errors } = await team.bob.ask(`query ($id: ID!) { workflowRun(id: $id) { ${fields} } }`, { id });
    return {
      run: data.workflowRun,
      errors: errors?.map(({ message, path, extensions }) => ({ message, path, extensions })),
    };
  };

  it('are shown up to 8 MiB, in the order of the steps, and no text beyond that is read', async () => {
    const id = await largeRun(team);
    expect(await ask(id, 'steps { name output }')).to.deep.equal({
      run: { steps: names.map((name) => ({ name, output: name === 'third' ? null : outputOf(name) })) },
      errors: [refused('resultBytes', 'steps', 2, 'output')],
    });
    expect(texts).to.deep.equal(['first', 'second'].map((name) => JSON.stringify(outputOf(name))));
  });

  it('are read once for all aliases and places, and count as often as they are shown', async () => {
    const id = await largeRun(team);
    const steps = 'steps(names: ["first"])';
    expect(await ask(id, `${steps} { output again: output } more: ${steps} { output }`)).to.deep.equal({
      run: { steps: [{ output: outputOf('first'), again: outputOf('first') }], more: [{ output: null }] },
      errors: [refused('resultBytes', 'more', 0, 'output')],
    });
    expect(texts).to.deep.equal([JSON.stringify(outputOf('first'))]);
  });

  it('are read apart: logs without outputs', async () => {
    const id = await largeRun(team);
    expect(await ask(id, 'steps { logs { text } }')).to.deep.equal({
      run: { steps: names.map(() => ({ logs: [{ text: 'a line' }] })) },
      errors: undefined,
    });
    expect(texts).to.deep.equal(names.map(() => '[{"level":"info","text":"a line"}]'));
    expect(await ask(id, 'input')).to.deep.equal({ run: { input: { city: 'Bern' } }, errors: undefined });
  });

  it('are those of the steps that are asked for by name', async () => {
    const id = await largeRun(team);
    expect(await ask(id, 'steps(names: ["third", "nothing"]) { name output }')).to.deep.equal({
      run: { steps: [{ name: 'third', output: outputOf('third') }] },
      errors: undefined,
    });
    expect(await ask(id, 'steps(names: []) { name } all: steps(names: null) { name }')).to.deep.equal({
      run: { steps: [], all: names.map((name) => ({ name })) },
      errors: undefined,
    });
  });

  it('are parsed up to a million parts, whatever their length', async () => {
    const id = await largeRun(team);
    const output = JSON.stringify(Array.from({ length: 500_001 }, () => []));
    await writeRun(team, id, { state: 'SUCCEEDED' }, [{ output }, { output: '[[]]' }]);
    expect(await ask(id, 'steps(names: ["first", "second"]) { output }')).to.deep.equal({
      run: { steps: [{ output: null }, { output: [[]] }] },
      errors: [refused('resultParts', 'steps', 0, 'output')],
    });
  });

  it('are bounded in each answer of a subscription by itself', async () => {
    const id = await largeRun(team);
    await writeRun(team, id, { state: 'RUNNING' });
    const stream = await openStream(
      team.bob,
      'subscription ($id: ID!) { workflowRunChanged(id: $id) { revision steps(names: ["first", "second"]) { output } } }',
      { id },
    );
    const next = (revision: number) => ({
      event: 'next',
      data: {
        data: {
          workflowRunChanged: { revision, steps: ['first', 'second'].map((name) => ({ output: outputOf(name) })) },
        },
      },
    });
    expect(await stream.next()).to.deep.equal(next(3));
    await writeRun(team, id, { state: 'SUCCEEDED' });
    expect(await stream.rest()).to.deep.equal([next(4), { event: 'complete', data: null }]);
  });
});
