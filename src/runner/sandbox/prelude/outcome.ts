/** How a run ends: with the JSON of what the code returned, or with what it threw. */
import { door, stringify } from './door.js';

export async function execute(main: () => Promise<unknown>): Promise<void> {
  try {
    const output = await main();
    door.returned(stringify(output) ?? 'null');
  } catch (error) {
    failRun(error);
  }
}

/** Ends the run, also from outside of the code's own promise, such as for an error in a timer. */
export function failRun(error: unknown): void {
  // What the engine throws when it has no memory left for an error.
  if (!types.includes(typeof error)) door.threw('InternalError', 'out of memory', '');
  else if (!(error instanceof Error || error instanceof DOMException)) {
    door.threw('Error', `The code threw ${describe(error)}`, '');
  } else door.threw(String(error.name), String(error.message), String(error.stack ?? ''));
}

const types = ['undefined', 'object', 'boolean', 'number', 'bigint', 'string', 'symbol', 'function'];

const describe = (value: unknown): string =>
  typeof value === 'string' ? value : (stringify(value) ?? `a value of the type ${typeof value}`);
