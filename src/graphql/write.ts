/**
 * The frame of every mutation: one transaction, and no second change when a request is repeated under the same idempotency
 * key within a day. Neither the key's text nor any value is stored.
 */
import { createHash } from 'node:crypto';
import { type Database, insertUnique, type Transaction, TryAgain } from '../database/database.js';
import { badInput, conflict } from '../errors.js';
import type { RequestContext } from './context.js';
import { IdempotentAnswerEntity } from './idempotency.entity.js';

/** How long an answer is kept for a repeated request, in milliseconds. */
export const idempotencyWindow = 24 * 60 * 60 * 1000;

interface RepeatableInput {
  readonly clientMutationId?: string | null | undefined;
  readonly value?: string | undefined;
}

/** What is kept of an outcome, as plain data without a value, and how a repeated request is answered from it. */
export interface Memory<Outcome, Kept extends object> {
  keep(outcome: Outcome): Kept;
  /** Throws when the caller may no longer see what the outcome tells. */
  recall(tx: Transaction, kept: Kept): Promise<Outcome>;
}

/** The outcome itself is kept and given again, after `mayRepeat` has let it through. */
export const asItWas = <Outcome extends object>(
  mayRepeat: (outcome: Outcome) => Promise<void> = async () => undefined,
): Memory<Outcome, Outcome> => ({
  keep: (outcome) => outcome,
  recall: async (_tx, outcome) => {
    await mayRepeat(outcome);
    return outcome;
  },
});

/** Runs `work` in a transaction; when the caller gave an idempotency key, what `memory` keeps of its outcome is stored with it. */
export async function write<Outcome extends object, Kept extends object>(
  ctx: RequestContext,
  operation: string,
  input: RepeatableInput,
  work: (tx: Transaction) => Promise<Outcome>,
  memory: Memory<Outcome, Kept>,
): Promise<Outcome> {
  const key = idempotencyKeyOf(ctx, input);
  if (key === null) return ctx.database.transaction(work);
  const row = { organizationId: ctx.principal.organizationId, principalId: ctx.principal.id, keyHash: sha256(key) };
  const fingerprint = await fingerprintOf(ctx, operation, input, `${row.principalId}/${row.keyHash}`);
  return ctx.database.transaction(async (tx) => {
    const stored = await tx.manager.findOne(IdempotentAnswerEntity, { where: row });
    if (stored !== null && stored.createdAt + idempotencyWindow > ctx.now) {
      if (stored.fingerprint !== fingerprint) throw conflict('The idempotency key was used for another request.');
      return memory.recall(tx, JSON.parse(stored.answer) as Kept);
    }
    if (stored !== null) await tx.manager.delete(IdempotentAnswerEntity, row);
    const begun = { ...row, fingerprint, answer: '', createdAt: ctx.now };
    await insertUnique(
      () => tx.manager.insert(IdempotentAnswerEntity, begun),
      () => new TryAgain(),
    );
    const outcome = await work(tx);
    await tx.manager.update(IdempotentAnswerEntity, row, { answer: JSON.stringify(memory.keep(outcome)) });
    return outcome;
  });
}

function idempotencyKeyOf(ctx: RequestContext, input: RepeatableInput): string | null {
  const inInput = input.clientMutationId ?? null;
  if (inInput === null) return ctx.idempotencyKey ?? null;
  if (!/^[\x21-\x7e]{1,128}$/.test(inInput)) {
    throw badInput({ field: 'input.clientMutationId', message: 'must have 1 to 128 visible ASCII characters' });
  }
  if (ctx.idempotencyKey !== undefined && ctx.idempotencyKey !== inInput) {
    throw badInput({
      field: 'input.clientMutationId',
      message: 'must equal the Idempotency-Key header when both are given',
    });
  }
  return inInput;
}

function fingerprintOf(ctx: RequestContext, operation: string, input: RepeatableInput, salt: string): Promise<string> {
  const { value, clientMutationId: _, ...rest } = input;
  const text = JSON.stringify([operation, canonical(rest)]);
  return ctx.writer.fingerprint.of(text, value === undefined ? undefined : { bytes: Buffer.from(value, 'utf8'), salt });
}

/** The same input in the same form: object members sorted by name, absent ones left out. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, canonical(member)]);
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Forgets the answers whose window is over. */
export async function forgetAnswers(database: Database, now: number): Promise<void> {
  const organizations = await database.query('SELECT id FROM organization ORDER BY id');
  for (const { id } of organizations) {
    await database.transaction((tx) =>
      tx.query('DELETE FROM idempotent_answer WHERE organization_id = ? AND created_at <= ?', [
        id,
        now - idempotencyWindow,
      ]),
    );
  }
}
