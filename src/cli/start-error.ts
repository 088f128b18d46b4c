/** Turns what can go wrong at a start into one sentence that says what to do. */
import type { DatabaseConfig } from '../config.js';

export class StartError extends Error {}

interface SystemError {
  readonly code?: string;
  readonly path?: string;
  readonly syscall?: string;
  readonly port?: number;
}

/** The error itself when it is none that an operator can mend. */
export function startErrorOf(error: unknown, database: DatabaseConfig): unknown {
  if (!(error instanceof Error)) return error;
  const { code, path, syscall, port } = error as SystemError;
  if (code === 'EADDRINUSE')
    return new StartError(`port ${port} is taken: another program listens there. Set PORT to a free one.`);
  if (syscall === 'listen' && code === 'EACCES')
    return new StartError(`port ${port} may not be opened by this user. Set PORT to one above 1023.`);
  if (syscall === 'listen' && code === 'EADDRNOTAVAIL')
    return new StartError('the address in HOST is none of this machine.');
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new StartError(
      `${path ?? 'the data directory'} cannot be written. Give this user the right, or set NIGHTSAFE_HOME to another directory.`,
    );
  }
  if (code === 'ENOENT' && path !== undefined)
    return new StartError(`${path} does not exist. \`nightsafe keys init\` makes missing keys.`);
  if (code?.startsWith('SQLITE_') || error.message.startsWith('Cannot open database')) {
    const place = database.kind === 'sqlite' ? database.path : 'the database';
    return new StartError(
      `the SQLite database ${place} cannot be opened or written (${code ?? 'its directory does not exist'}).`,
    );
  }
  if (database.kind === 'mysql') {
    const place = `${database.host}:${database.port}`;
    if (code === 'ER_ACCESS_DENIED_ERROR')
      return new StartError(`the database at ${place} refused the user and password in DATABASE_URL.`);
    if (code === 'ER_BAD_DB_ERROR')
      return new StartError(`the database at ${place} has no schema of the name in DATABASE_URL. Create it first.`);
    if (code !== undefined && unreachable.has(code))
      return new StartError(`the database at ${place} cannot be reached (${code}).`);
  }
  return error;
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'PROTOCOL_CONNECTION_LOST',
  'HANDSHAKE_NO_SSL_SUPPORT',
]);
