import { expect } from 'chai';
import { ApiError } from '../../src/errors.js';
import { createLogger, describeError } from '../../src/log.js';
import { canary, DriverError, memoryLog } from './fixture.js';

const frame = /^ {4}at .+/;

describe('the log', () => {
  it('describes a driver error by its codes and frames, without statement, parameters or message', () => {
    const { stack, ...description } = describeError(new DriverError());
    expect(description).to.deep.equal({
      type: 'QueryFailedError',
      code: 'SQLITE_CONSTRAINT',
      errno: 19,
      sqlState: '23000',
    });
    const lines = (stack ?? '').split('\n');
    expect(lines.length).to.be.greaterThan(1);
    for (const line of lines) expect(line).to.match(frame).and.not.include(canary);
  });

  it('writes the texts of an ApiError, which are ours', () => {
    const { stack: _, ...description } = describeError(new ApiError('FORBIDDEN', 'Not allowed.', {}, 'rule team-read'));
    expect(description).to.deep.equal({
      type: 'ApiError',
      message: 'Not allowed.',
      detail: 'rule team-read',
      code: 'FORBIDDEN',
    });
  });

  it('describes the causes of an error in the same way, three deep', () => {
    const nested = [1, 2, 3, 4, 5].reduce((cause, n) => new Error(`${canary} ${n}`, { cause }), new Error(canary));
    const description = describeError(nested);
    expect(description.cause?.cause?.cause?.type).to.equal('Error');
    expect(description.cause?.cause?.cause?.cause).to.equal(undefined);
    expect(JSON.stringify(description)).not.to.include(canary);
  });

  it('leaves the frames out when the message was changed after the error was made', () => {
    const error = new Error(`${canary}\n    at ${canary}`);
    expect(error.stack).to.include(canary); // V8 writes it when it is first asked for
    error.message = 'changed';
    expect(describeError(error)).to.deep.equal({ type: 'Error' });
  });

  it('leaves out a name or a code that is a text', () => {
    const error = Object.assign(new Error(canary), { name: `an ${canary}`, code: `a ${canary}`, errno: canary });
    const { stack: _, ...description } = describeError(error);
    expect(description).to.deep.equal({ type: 'Error' });
  });

  it('writes no error text, however the error is passed', () => {
    const { log, lines, text } = memoryLog();
    log.error(new DriverError());
    log.error(new DriverError(), 'with a message');
    log.error({ err: new DriverError() });
    log.error({ reason: new DriverError(), err: new DriverError() }, 'twice');
    log.error('interpolated %s and %o', new DriverError(), new DriverError());
    log.child({ err: new DriverError() }).error('bound');
    expect(lines().length).to.equal(6);
    expect(text()).not.to.include(canary);
  });

  it('writes one JSON object a line, with the level by name and the time', () => {
    const { log, lines } = memoryLog();
    log.child({ requestId: 'r-1' }).info({ status: 200 }, 'request');
    const [{ time, pid: _pid, hostname: _hostname, ...line } = {}] = lines();
    expect(line).to.deep.equal({ level: 'info', requestId: 'r-1', status: 200, msg: 'request' });
    expect(new Date(String(time)).toISOString()).to.equal(time);
  });

  it('writes for a person on a terminal, with as little of an error', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    createLogger({ level: 'info', pretty: true, destination }).error({ err: new DriverError() }, 'failed');
    expect(lines.join('')).to.include('failed').and.include('SQLITE_CONSTRAINT').and.not.include(canary);
  });
});
