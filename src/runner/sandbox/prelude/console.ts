/** The console: every call is a line of the run's log. */
import { defineGlobals, door } from './door.js';
import { inspect } from './inspect.js';

const write =
  (level: Parameters<typeof door.log>[0]) =>
  (...values: unknown[]): void =>
    door.log(level, values.map(inspect).join(' '));

const error = write('error');

defineGlobals({
  console: {
    debug: write('debug'),
    info: write('info'),
    log: write('log'),
    warn: write('warn'),
    error,
    dir: (value: unknown) => door.log('log', inspect(value)),
    table: (value: unknown) => door.log('log', inspect(value)),
    trace: write('debug'),
    assert(condition?: unknown, ...values: unknown[]): void {
      if (!condition) error('Assertion failed', ...values);
    },
  },
});
