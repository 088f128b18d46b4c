/** What the operator reads when a command cannot go on. */
import { PolicyError } from '../authz/index.js';
import { ConfigError } from '../config.js';
import { ApiError } from '../errors.js';
import { OperatorError } from '../operator-error.js';
import { UsageError } from './usage.js';

/** Whether the words of the command line are at fault, rather than what they were to act on. */
export const isUsageError = (error: unknown): boolean =>
  error instanceof UsageError || (error instanceof ApiError && error.code === 'BAD_USER_INPUT');

/** Sentences for what the operator can mend; the stack for what only a maintainer can. */
export function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}. Try \`nightsafe help\`.`;
  const areWrittenForPeople = [ConfigError, PolicyError, OperatorError, ApiError];
  if (!(error instanceof Error)) return String(error);
  if (areWrittenForPeople.some((known) => error instanceof known)) return error.message;
  return sentenceOf(error) ?? error.stack ?? error.message;
}

function sentenceOf({ code, path, syscall }: NodeJS.ErrnoException): string | null {
  if (path === undefined) return null;
  const wrongKind = `${path} cannot be used: a file stands where a folder should be, or a folder where a file should be.`;
  switch (code) {
    case 'ENOENT':
      return `${path} does not exist. If it is a key, \`nightsafe keys init\` makes it.`;
    case 'EEXIST':
      return syscall === 'mkdir' ? wrongKind : `${path} was made by another process at the same time. Start again.`;
    case 'ENOTDIR':
    case 'EISDIR':
      return wrongKind;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOSPC':
      return `${path} cannot be read or written (${code}). Give this user the right, or name another place.`;
    default:
      return null;
  }
}
