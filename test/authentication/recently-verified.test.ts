import { mock } from 'node:test';
import { expect } from 'chai';
import { RecentlyVerified } from '../../src/authentication/recently-verified.js';

const start = 1_800_000_000_000;

describe('authentication/recently-verified', () => {
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: start }));
  afterEach(() => mock.timers.reset());

  it('forgets an answer after 60 s', () => {
    const recent = new RecentlyVerified<string>(10);
    recent.remember('fake-token', 'answer', start + 3_600_000);
    mock.timers.tick(59_999);
    expect(recent.find('fake-token')).to.equal('answer');
    mock.timers.tick(1);
    expect(recent.find('fake-token')).to.equal(null);
  });

  it('forgets an answer when the token expires, where that is earlier', () => {
    const recent = new RecentlyVerified<string>(10);
    recent.remember('fake-token', 'answer', start + 5000);
    mock.timers.tick(4999);
    expect(recent.find('fake-token')).to.equal('answer');
    mock.timers.tick(1);
    expect(recent.find('fake-token')).to.equal(null);
  });

  it('holds no more answers than its capacity, and the oldest makes room', () => {
    const recent = new RecentlyVerified<string>(3);
    for (const name of ['a', 'b', 'c', 'a', 'd']) recent.remember(name, `answer ${name}`, start + 60_000);
    expect(['a', 'b', 'c', 'd'].map((name) => recent.find(name))).to.deep.equal([
      'answer a',
      null,
      'answer c',
      'answer d',
    ]);
  });
});
