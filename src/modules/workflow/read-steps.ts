/** Steps as somebody wants them: read, checked, and each with who answers for the keys in it. */
import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../../database/database.js';
import type { RequestContext } from '../../graphql/context.js';
import { newId, type StepId } from '../../ids.js';
import { InputCheck } from '../input-check.js';
import { type KeyBehindReference, mustUseKeys, type WorkflowWarning } from './check-keys.js';
import { keysBehindOutputs } from './keys-behind-outputs.js';
import { keysInSteps } from './keys-in-steps.js';
import { readCode } from './read-code.js';
import { readRequest } from './read-request.js';
import type { StepInput } from './step.inputs.js';
import type { StepDefinition } from './step-definition.js';
import { type KeyReference, type OutputReference, StepReader } from './step-reader.js';
import type { Template } from './template.js';

const mostSteps = 50;
/** Places that name a key, in all steps of a workflow; two keys in one place are two. */
const mostKeys = 200;

export interface ReadSteps {
  readonly steps: readonly StepDefinition[];
  readonly warnings: readonly WorkflowWarning[];
}

/**
 * The steps that the inputs stand for. A step that is as it was before, and reads the same steps, keeps its editor; the caller becomes the
 * editor of every other, and must hold `use` on every key in it and behind the outputs that it reads. The keys stay as they are until the
 * transaction ends.
 *
 * @throws BAD_USER_INPUT naming every field that is wrong; a key that the caller may not see is wrong as one that does not exist is.
 * @throws FORBIDDEN for a key that the caller sees and may not use, and for the output of a step with a key that they may not use.
 */
export async function readSteps(
  ctx: RequestContext,
  tx: Transaction,
  inputs: readonly StepInput[],
  options: {
    /** The steps of the workflow until now: an `id` must be one of theirs. */
    readonly before?: readonly StepDefinition[];
    /** Names of steps besides the inputs that come before all of them. */
    readonly earlier?: readonly string[];
    /** The path of each input. */
    readonly pathOf?: (index: number) => string;
  } = {},
): Promise<ReadSteps> {
  const { before = [], earlier = [], pathOf = (index) => `input.steps[${index}]` } = options;
  const check = new InputCheck();
  if (inputs.length > mostSteps) check.add('input.steps', `must have at most ${mostSteps} elements`);
  check.done();

  const keys: KeyReference[] = [];
  const outputs = new Map<StepId, readonly OutputReference[]>();
  const plainPasswords: WorkflowWarning[] = [];
  const names = inputs.map((input) => (input.sendApiRequest ?? input.runCode)?.name ?? '');
  const ids = new Set<string>();
  // Steps are referred to by name, and a name may be another step's now: then the reference reads something else than it did.
  const formerIds = new Map(before.map(({ id, name }) => [name, id]));
  const idsByName = new Map<string, StepId>();
  const steps = inputs.map((input, index): StepDefinition | null => {
    const action = actionOf(input);
    if (action === null) {
      check.add(pathOf(index), 'must have exactly one of sendApiRequest and runCode');
      return null;
    }
    const reader = new StepReader(check, index, `${pathOf(index)}.${action.field}`, {
      earlier: new Set([...earlier, ...names.slice(0, index)]),
      others: new Set(names),
    });
    const name = readName(reader, action.input.name, [...earlier, ...names.slice(0, index)]);
    const id = readId(reader, action.input.id, before, ids);
    const { stepLimits } = ctx.services;
    const read =
      action.field === 'runCode'
        ? readCode(reader, action.input, stepLimits)
        : readRequest(reader, action.input, stepLimits);
    const old = before.find((step) => step.id === id);
    const step = { id, name, editedById: ctx.principal.id, ...read };
    idsByName.set(name, id);
    const isTheSame = (former: StepDefinition): boolean =>
      isDeepStrictEqual({ ...former, editedById: null }, { ...step, editedById: null }) &&
      reader.outputs.every(({ stepName }) => formerIds.get(stepName) === idsByName.get(stepName));
    if (old && isTheSame(old)) return old;
    keys.push(...reader.keys);
    outputs.set(id, reader.outputs);
    if (step.type === 'SEND_API_REQUEST' && isPlain(step.basicAuth?.password)) {
      plainPasswords.push({
        code: 'PLAIN_PASSWORD',
        field: reader.field('basicAuth.password').path,
        secretKeyId: null,
      });
    }
    return step;
  });
  const places = steps.flatMap((step, index) => (step === null ? [] : keysInSteps([step]).map(() => index)));
  const first = places[mostKeys];
  if (first !== undefined)
    check.add(pathOf(first), `must not bring the places that name keys to more than ${mostKeys} in all`);
  check.done();
  const read = steps.filter((step) => step !== null);
  const behind = keysBehindReferences(read, outputs);
  return { steps: read, warnings: [...(await mustUseKeys(ctx, tx, read, keys, behind)), ...plainPasswords] };
}

/** The keys behind the references of the steps that the caller answers for. */
function keysBehindReferences(
  steps: readonly StepDefinition[],
  outputs: ReadonlyMap<StepId, readonly OutputReference[]>,
): KeyBehindReference[] {
  return [...keysBehindOutputs(steps)].flatMap(([id, behind]) =>
    behind.flatMap(({ secretKeyId, step, place }) => {
      const reference = outputs.get(id)?.find(({ field }) => field.place === place);
      return reference === undefined ? [] : [{ ...reference, secretKeyId, step }];
    }),
  );
}

const isPlain = (password: Template = []): boolean =>
  password.length > 0 && password.every(({ kind }) => kind === 'text');

function actionOf({ sendApiRequest, runCode }: StepInput) {
  if (sendApiRequest) return runCode ? null : ({ field: 'sendApiRequest', input: sendApiRequest } as const);
  return runCode ? ({ field: 'runCode', input: runCode } as const) : null;
}

function readName(reader: StepReader, name: string, taken: readonly string[]): string {
  const { path } = reader.field('name');
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) || name === '__proto__') {
    reader.check.add(path, 'must be a letter or _, then letters, digits and _, at most 64 in all');
  } else if (taken.includes(name)) reader.check.add(path, 'is the name of an earlier step');
  return name;
}

function readId(
  reader: StepReader,
  id: string | null | undefined,
  before: readonly StepDefinition[],
  seen: Set<string>,
): StepId {
  if (id === null || id === undefined) return newId<StepId>();
  const { path } = reader.field('id');
  if (!before.some((step) => step.id === id)) reader.check.add(path, 'is no step of this workflow');
  else if (seen.has(id)) reader.check.add(path, 'is given twice');
  seen.add(id);
  return id as StepId;
}
