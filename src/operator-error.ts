/**
 * Something that the person who runs Nightsafe can mend: a missing file, a taken port, a database that cannot be reached. `message` is
 * whole sentences that say what is wrong and what to do, and holds no secret. It is shown without a stack.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
