import { expect } from 'chai';
import { Gate } from '../../src/runner/gate.js';

describe('a gate', () => {
  const open = new AbortController().signal;
  const moment = () => new Promise((resolve) => setImmediate(resolve));

  it('lets so many through at once, and the others in the order in which they came, whether the first fail or not', async () => {
    const gate = new Gate(2);
    const begun: number[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const all = [0, 1, 2, 3].map((name) =>
      gate.through(() => {
        begun.push(name);
        return new Promise<number>((resolve, reject) => {
          ends[name] = (error) => (error ? reject(error) : resolve(name));
        });
      }, open),
    );
    const settled = Promise.allSettled(all);
    await moment();
    expect(begun).to.deep.equal([0, 1]);
    ends[1]?.(new Error('it failed'));
    await moment();
    expect(begun).to.deep.equal([0, 1, 2]);
    for (const name of [0, 2]) ends[name]?.();
    await moment();
    ends[3]?.();
    expect((await settled).map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).to.deep.equal([
      0,
      'failed',
      2,
      3,
    ]);
    expect(await gate.through(async () => 'free again', open)).to.equal('free again');
  });

  it('does not begin what nobody waits for any more, and gives its turn on', async () => {
    const gate = new Gate(1);
    const given = new AbortController();
    let end = () => {};
    const first = gate.through(() => new Promise<void>((resolve) => (end = resolve)), open);
    const second = gate.through(async () => 'begun', given.signal).catch(() => 'not begun');
    const third = gate.through(async () => 'begun', open);
    given.abort();
    end();
    await first;
    expect([await second, await third]).to.deep.equal(['not begun', 'begun']);
  });
});
