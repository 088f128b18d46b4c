/** What somebody must be allowed to do with a key to use it in a step. */
import type { SecretUseKind } from '../secret-key/secret-key.entity.js';
import type { StepDefinition } from './step-definition.js';

export type UseAction = 'use' | 'useRaw';

/** Code has the value itself of a key that allows RAW. */
export const actionsOfUse = (
  step: Pick<StepDefinition, 'type'>,
  { uses }: { readonly uses: readonly SecretUseKind[] },
): readonly UseAction[] => (step.type === 'RUN_CODE' && uses.includes('RAW') ? ['use', 'useRaw'] : ['use']);
