/** The keys that a step names, where, and what its manager must have allowed for that; and the keys whose answers it reads. */

import { keysBehindOutputs } from '../modules/workflow/keys-behind-outputs.js';
import { keysInSteps } from '../modules/workflow/keys-in-steps.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import type { KeyUse } from './use-keys.js';

export function keyUsesOf(steps: readonly StepDefinition[], step: StepDefinition): KeyUse[] {
  const own = keysInSteps([step]).map(
    ({ secretKeyId, place }): KeyUse => ({
      secretKeyId,
      step,
      field: place,
      needs: place.startsWith('basicAuth') ? [step.type, 'BASIC_AUTH'] : [step.type],
    }),
  );
  const behind = (keysBehindOutputs(steps).get(step.id) ?? []).map(
    ({ secretKeyId, step: named, place }): KeyUse => ({ secretKeyId, step: named, field: place, needs: null }),
  );
  return [...own, ...behind];
}
