import { expect } from 'chai';
import { type Door, EngineImage, type Instance } from '../../../src/runner/sandbox/child/quickjs.js';

const prelude = (path: string): string => {
  if (path !== 'main.js') throw new Error('there is no other module');
  return 'globalThis.door = nightsafeDoor; globalThis.nightsafeEntries = { start: (main) => void main() };';
};

describe('an instance of the engine', () => {
  let image: EngineImage;
  before(async () => {
    image = await EngineImage.create(prelude, 'main.js', ['fail', 'see']);
  });

  const start = (door: Door): Promise<Instance> =>
    image.start({ memoryBytes: 32 * 1024 * 1024, door, mayGoOn: () => true });
  const thrownBy = (action: () => void): unknown => {
    try {
      action();
    } catch (error) {
      return error;
    }
    return null;
  };

  it('ends with what a function of the door throws, of which code inside sees nothing', async () => {
    const failure = new Error('EAGAIN: resource temporarily unavailable, write');
    const seen: unknown[] = [];
    const instance = await start({
      see: (value) => {
        seen.push(value);
        return null;
      },
      fail: () => {
        throw failure;
      },
    });
    const code = `door.see('before');
      try { door.see(String(door.fail())) } catch (error) { door.see(String(error) + error.stack) } finally { door.see('finally') }
      for (;;) door.see('after')`;
    expect(thrownBy(() => instance.start(code, '{}'))).to.equal(failure);
    expect(seen).to.deep.equal(['before']);
    expect(thrownBy(() => instance.start('door.see("again")', '{}'))).to.equal(failure);
    expect(seen).to.deep.equal(['before']);
  });

  it('ends so too when nothing else of the code was left to execute', async () => {
    const instance = await start({
      see: () => null,
      fail: () => {
        throw new RangeError('no');
      },
    });
    expect(String(thrownBy(() => instance.start('door.fail()', '{}')))).to.equal('RangeError: no');
  });
});
