/** The answers of recent checks, so that a client that asks often costs one signature check a minute. */
import { createHash } from 'node:crypto';

const longestMilliseconds = 60_000;

/**
 * Keeps an answer for at most 60 s and never past the token's expiry: so long may a key that its issuer has withdrawn still
 * count. Holds no token, only its SHA-256, and no more than `capacity` answers; the oldest one makes room.
 */
export class RecentlyVerified<Answer> {
  readonly #answers = new Map<string, { readonly answer: Answer; readonly until: number }>();

  constructor(readonly capacity: number) {}

  find(token: string): Answer | null {
    const entry = this.#answers.get(digest(token));
    return entry && Date.now() < entry.until ? entry.answer : null;
  }

  /** `expiresAt` in milliseconds since 1970. */
  remember(token: string, answer: Answer, expiresAt: number): void {
    const key = digest(token);
    this.#answers.delete(key);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size < this.capacity) break;
      this.#answers.delete(oldest);
    }
    this.#answers.set(key, { answer, until: Math.min(expiresAt, Date.now() + longestMilliseconds) });
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64');
