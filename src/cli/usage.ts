/** How commands read their arguments. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command line is wrong. The message is a sentence without its full stop, and repeats nothing of what was typed. */
export class UsageError extends Error {}

export type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

/** The options that were given. Anything else on the line is refused. */
export function readOptions<Known extends Options>(args: string[], options: Known) {
  try {
    return parseArgs({
      args,
      options: options as Known & ParseArgsConfig['options'],
      strict: true,
      allowPositionals: false,
    }).values;
  } catch {
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(
      known.length === 0
        ? 'this command takes no options'
        : `this command takes only ${known.join(', ')}, and a text where one is needed`,
    );
  }
}
