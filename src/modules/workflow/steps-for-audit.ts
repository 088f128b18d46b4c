/** What the audit log keeps of steps: which they are, and which keys they name. Their contents are in the version. */
import { keysInSteps } from './keys-in-steps.js';
import type { StepDefinition } from './step-definition.js';

export const stepsForAudit = (steps: readonly StepDefinition[]) => ({
  steps: steps.map((step) => ({
    id: step.id,
    name: step.name,
    type: step.type,
    editedById: step.editedById,
    secretKeyIds: [...new Set(keysInSteps([step]).map(({ secretKeyId }) => secretKeyId))],
  })),
});
