/** How much one run may take and leave, besides what the sandbox and the egress door bound themselves. */
import type { RunnerSettings } from '../runner-settings.js';

export interface RunLimits {
  /** Of all variables of a step's code together, in UTF-8. */
  readonly variableBytes: number;
  /** Of the answers to requests of code that are under way at one time; further requests wait. */
  readonly answerBytes: number;
  /** Of what one step logs, in UTF-8, after redaction. */
  readonly logBytes: number;
  /** Of the outputs and logs of all steps together, as JSON in UTF-16 code units. */
  readonly outputBytes: number;
}

export const runLimitsOf = (settings: RunnerSettings): RunLimits => ({
  variableBytes: settings.codeVariableBytes,
  answerBytes: settings.runResponseBytes,
  logBytes: settings.stepLogBytes,
  outputBytes: settings.runOutputBytes,
});
