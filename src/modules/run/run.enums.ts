/** Enumerations of the API for runs. Their values are the ones that the database holds. */
import { registerEnumType } from 'type-graphql';
import { runErrorCodes } from './run-result.js';

export const WorkflowRunKind = { WORKFLOW: 'WORKFLOW', TEST: 'TEST' } as const;
registerEnumType(WorkflowRunKind, {
  name: 'WorkflowRunKind',
  description: 'What was run.',
  valuesConfig: {
    WORKFLOW: { description: 'The steps of a version of a workflow.' },
    TEST: { description: 'One step that had not been saved.' },
  },
});

export const WorkflowRunState = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  INTERRUPTED: 'INTERRUPTED',
} as const;
registerEnumType(WorkflowRunState, {
  name: 'WorkflowRunState',
  description: 'How far a run is. The last four are for good.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a runner.' },
    RUNNING: { description: 'A runner is at work on it.' },
    SUCCEEDED: { description: 'Every step succeeded.' },
    FAILED: { description: 'A step failed; those after it were skipped.' },
    CANCELLED: { description: 'Somebody cancelled it.' },
    INTERRUPTED: { description: 'Its runner ended in the middle. What it had begun to send may have arrived.' },
  },
});

export const WorkflowRunStepState = {
  PENDING: 'PENDING',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  INTERRUPTED: 'INTERRUPTED',
  SKIPPED: 'SKIPPED',
} as const;
registerEnumType(WorkflowRunStepState, {
  name: 'WorkflowRunStepState',
  description: 'How far a step of a run is.',
  valuesConfig: {
    PENDING: { description: 'Waits for the steps before it.' },
    RUNNING: { description: 'A runner is at work on it.' },
    SUCCEEDED: { description: 'It has an output.' },
    FAILED: { description: 'It has an error.' },
    CANCELLED: { description: 'The run was cancelled before the step ended.' },
    INTERRUPTED: { description: 'Its runner ended in the middle. What it had begun to send may have arrived.' },
    SKIPPED: { description: 'An earlier step did not succeed.' },
  },
});

type ErrorCodeName = keyof typeof runErrorCodes;
const codeNames = Object.keys(runErrorCodes) as ErrorCodeName[];

export const WorkflowRunErrorCode = Object.fromEntries(codeNames.map((name) => [name, name]));
registerEnumType(WorkflowRunErrorCode, {
  name: 'WorkflowRunErrorCode',
  description: 'Why a step, or a whole run, did not succeed.',
  valuesConfig: Object.fromEntries(codeNames.map((name) => [name, { description: runErrorCodes[name] }])),
});

export const WorkflowRunLogLevel = { DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
registerEnumType(WorkflowRunLogLevel, {
  name: 'WorkflowRunLogLevel',
  description: 'Under which method of `console` code wrote a line.',
  valuesConfig: {
    DEBUG: { description: '`console.debug`.' },
    INFO: { description: '`console.info` and `console.log`.' },
    WARN: { description: '`console.warn`.' },
    ERROR: { description: '`console.error`.' },
  },
});

export const RedactionPlace = {
  OUTPUT: 'OUTPUT',
  LOG: 'LOG',
  ERROR: 'ERROR',
  URL: 'URL',
  HEADER: 'HEADER',
} as const;
registerEnumType(RedactionPlace, {
  name: 'RedactionPlace',
  description: 'What of a run a value came back in.',
  valuesConfig: {
    OUTPUT: { description: 'The output of the step.' },
    LOG: { description: 'A line of its log.' },
    ERROR: { description: 'The message of its error.' },
    URL: { description: 'An address.' },
    HEADER: { description: 'A header of an answer.' },
  },
});

export const RedactionOrigin = { VALUE: 'VALUE', BASE64: 'BASE64', HMAC: 'HMAC', JWT: 'JWT' } as const;
registerEnumType(RedactionOrigin, {
  name: 'RedactionOrigin',
  description: 'What of a key came back.',
  valuesConfig: {
    VALUE: { description: 'Its value.' },
    BASE64: { description: 'Base64 of text with its value, such as Basic credentials.' },
    HMAC: { description: 'A MAC that the runner made with it.' },
    JWT: { description: 'A token that the runner signed with it.' },
  },
});

/** Actions of the catalogue by their names in the API. */
export const WorkflowRunAction = { CANCEL: 'cancel' } as const;
registerEnumType(WorkflowRunAction, {
  name: 'WorkflowRunAction',
  description: 'What can be done with a run, beyond seeing it.',
  valuesConfig: {
    CANCEL: { description: 'Stop it before its next step; a step that waits for an answer is broken off.' },
  },
});
export type WorkflowRunActionName = (typeof WorkflowRunAction)[keyof typeof WorkflowRunAction];
