/** What to tell the operator when the database cannot be opened. */
import type { DatabaseConfig } from '../config.js';
import { OperatorError } from '../operator-error.js';
import { codeOf } from './driver-errors.js';

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

/** The error itself when it is none that an operator can mend. */
export function openErrorOf(error: unknown, url: DatabaseConfig): unknown {
  const code = codeOf(error);
  if (url.kind === 'sqlite') {
    return code.startsWith('SQLITE_')
      ? new OperatorError(`The SQLite database ${url.path} cannot be opened or written (${code}).`)
      : error;
  }
  const place = `${url.host}:${url.port}`;
  switch (code) {
    case 'ER_ACCESS_DENIED_ERROR':
      return new OperatorError(`The database at ${place} refused the user and password in DATABASE_URL.`);
    case 'ER_DBACCESS_DENIED_ERROR':
    case 'ER_TABLEACCESS_DENIED_ERROR':
      return new OperatorError(
        `The database at ${place} does not let the user in DATABASE_URL use or change the schema.`,
      );
    case 'ER_BAD_DB_ERROR':
      return new OperatorError(`The database at ${place} has no schema of the name in DATABASE_URL. Create it first.`);
    case 'ER_TABLE_EXISTS_ERROR':
      return new OperatorError(
        `An earlier migration of the database at ${place} was interrupted. Restore what was there before it, or empty the schema.`,
      );
    default:
      return unreachable.has(code) ? new OperatorError(`The database at ${place} cannot be reached (${code}).`) : error;
  }
}
