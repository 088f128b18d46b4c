import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { ApiError } from '../../src/errors.js';
import { EventStreams } from '../../src/graphql/event-streams.js';

const response = (destroyed: boolean) => Object.assign(new EventEmitter(), { destroyed }) as unknown as ServerResponse;

describe('event streams', () => {
  const streams = () => new EventStreams({ perPrincipal: 1, heartbeatInterval: 60_000 });

  it('refuse one more than a principal may have, and take another when one has ended', () => {
    const open = streams();
    const first = response(false);
    expect(open.open('bob', first).aborted).to.equal(false);
    expect(() => open.open('bob', response(false)))
      .to.throw(ApiError)
      .with.property('code', 'RATE_LIMITED');
    expect(open.open('carol', response(false)).aborted).to.equal(false);
    first.emit('close');
    expect(open.open('bob', response(false)).aborted).to.equal(false);
  });

  it('do not count a client that has hung up before', () => {
    const open = streams();
    for (let count = 0; count < 3; count += 1) expect(open.open('bob', response(true)).aborted).to.equal(true);
    expect(open.open('bob', response(false)).aborted).to.equal(false);
  });
});
