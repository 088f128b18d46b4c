/**
 * The keys whose answers a step gets through the outputs that it reads. What a key brings back is for those who may use the key: whoever
 * last edited the step must be allowed to use it as if the step named it.
 */
import type { SecretKeyId, StepId } from '../../ids.js';
import { keysInSteps, outputsInStep } from './keys-in-steps.js';
import type { StepDefinition } from './step-definition.js';

export interface NamedKey {
  readonly secretKeyId: SecretKeyId;
  /** The step that names the key. */
  readonly step: StepDefinition;
}

export interface KeyBehindOutput extends NamedKey {
  /** The first field of the reader that leads there, such as `body.json`. */
  readonly place: string;
}

/**
 * Of each step the keys of the steps that it reads, of the steps that these read, and so on; each key once for each step that names it.
 * @param steps in their order. A name that no earlier step has is an output that a test was given.
 */
export function keysBehindOutputs(steps: readonly StepDefinition[]): ReadonlyMap<StepId, readonly KeyBehindOutput[]> {
  const behindNames = new Map<string, readonly NamedKey[]>();
  const behindSteps = new Map<StepId, readonly KeyBehindOutput[]>();
  for (const step of steps) {
    const behind = new Map<string, KeyBehindOutput>();
    for (const { stepName, place } of outputsInStep(step)) {
      for (const key of behindNames.get(stepName) ?? []) {
        const id = `${key.step.id} ${key.secretKeyId}`;
        if (!behind.has(id)) behind.set(id, { ...key, place });
      }
    }
    const own = new Set(keysInSteps([step]).map(({ secretKeyId }) => secretKeyId));
    behindSteps.set(step.id, [...behind.values()]);
    behindNames.set(step.name, [...[...own].map((secretKeyId) => ({ secretKeyId, step })), ...behind.values()]);
  }
  return behindSteps;
}
