/** What a driver's error means, for both drivers. */

const transientCodes = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CHECKREAD',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
  'SQLITE_LOCKED',
]);
const lostCodes = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
  'EPIPE',
  'ER_SERVER_SHUTDOWN',
  'ECONNREFUSED',
  'ETIMEDOUT',
]);
const duplicateCodes = new Set(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);

export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  return typeof code === 'string' ? code : driverError === undefined ? '' : codeOf(driverError);
}

/** A deadlock or a busy lock: the transaction was rolled back and may be run again. */
export const isTransient = (error: unknown): boolean => transientCodes.has(codeOf(error));

export const isLostConnection = (error: unknown): boolean =>
  lostCodes.has(codeOf(error)) || isOfClosedConnection(error);

/** mysql2 gives no code to its refusal to send anything over a connection that it knows to be closed. */
const isOfClosedConnection = (error: unknown): boolean =>
  codeOf(error) === '' && (error as { readonly fatal?: unknown } | null)?.fatal === true;

export const isDuplicate = (error: unknown): boolean => duplicateCodes.has(codeOf(error));
