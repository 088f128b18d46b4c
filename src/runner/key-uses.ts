/** The keys that a step names, where, and what its manager must have allowed for that. */

import { keysInSteps } from '../modules/workflow/keys-in-steps.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import type { KeyUse } from './use-keys.js';

export function keyUsesOf(step: StepDefinition): KeyUse[] {
  return keysInSteps([step]).map(({ secretKeyId, place }) => ({
    secretKeyId,
    field: place,
    needs: place.startsWith('basicAuth') ? [step.type, 'BASIC_AUTH'] : [step.type],
  }));
}
