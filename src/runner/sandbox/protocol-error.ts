/** What an honest child never sends. `message` tells the kind of the violation and repeats nothing of what was sent. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
