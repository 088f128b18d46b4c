/** Enumerations of the API for workflows. Their values are the ones that the database holds. */
import { registerEnumType } from 'type-graphql';

export const WorkflowState = { ACTIVE: 'ACTIVE', INACTIVE: 'INACTIVE' } as const;
registerEnumType(WorkflowState, {
  name: 'WorkflowState',
  description: 'Whether a workflow can be run.',
  valuesConfig: {
    ACTIVE: { description: 'Can be run.' },
    INACTIVE: { description: 'Cannot be run; its steps can be tested one by one.' },
  },
});

/** Actions of the catalogue by their names in the API. */
export const WorkflowAction = {
  RENAME: 'rename',
  EDIT: 'edit',
  ACTIVATE: 'activate',
  DUPLICATE: 'duplicate',
  DELETE: 'delete',
  RUN: 'run',
} as const;
export type WorkflowActionName = (typeof WorkflowAction)[keyof typeof WorkflowAction];
registerEnumType(WorkflowAction, {
  name: 'WorkflowAction',
  description: 'What can be done with a workflow.',
  valuesConfig: {
    RENAME: { description: 'Change its name and description.' },
    EDIT: { description: 'Change its steps. A step with a key takes, besides, the right to use the key.' },
    ACTIVATE: { description: 'Activate and deactivate it.' },
    DUPLICATE: { description: 'Make a copy, which takes the right to use every key in it.' },
    DELETE: { description: 'Delete it.' },
    RUN: { description: 'Run it, which takes the right to use every key in it, and test its steps.' },
  },
});

export const RequestMethod = {
  GET: 'GET',
  HEAD: 'HEAD',
  POST: 'POST',
  PUT: 'PUT',
  PATCH: 'PATCH',
  DELETE: 'DELETE',
  OPTIONS: 'OPTIONS',
} as const;
registerEnumType(RequestMethod, {
  name: 'RequestMethod',
  description: 'The method of a request (RFC 9110).',
  valuesConfig: {
    GET: { description: 'Reads. Has no body.' },
    HEAD: { description: 'Reads the headers alone. Has no body.' },
    POST: { description: 'Sends something to be processed.' },
    PUT: { description: 'Replaces what is there.' },
    PATCH: { description: 'Changes a part of what is there.' },
    DELETE: { description: 'Deletes.' },
    OPTIONS: { description: 'Asks what is possible.' },
  },
});

export const StepType = { SEND_API_REQUEST: 'SEND_API_REQUEST', RUN_CODE: 'RUN_CODE' } as const;
registerEnumType(StepType, {
  name: 'StepType',
  description: 'What a step does.',
  valuesConfig: {
    SEND_API_REQUEST: { description: 'Sends an HTTP request.' },
    RUN_CODE: { description: 'Runs JavaScript.' },
  },
});

export const WorkflowOrderField = { NAME: 'NAME', CREATED_AT: 'CREATED_AT', UPDATED_AT: 'UPDATED_AT' } as const;
export type WorkflowOrderFieldName = keyof typeof WorkflowOrderField;
registerEnumType(WorkflowOrderField, {
  name: 'WorkflowOrderField',
  description: 'What a list of workflows is ordered by.',
  valuesConfig: {
    NAME: { description: 'The name, without regard to case.' },
    CREATED_AT: { description: 'When the workflow was created.' },
    UPDATED_AT: { description: 'When anything about the workflow last changed.' },
  },
});

export const WorkflowWarningCode = {
  USE_NOT_ALLOWED: 'USE_NOT_ALLOWED',
  PLACEMENT_NOT_ALLOWED: 'PLACEMENT_NOT_ALLOWED',
  HOST_NOT_ALLOWED: 'HOST_NOT_ALLOWED',
  SECRET_KEY_EXPIRED: 'SECRET_KEY_EXPIRED',
  PLAIN_PASSWORD: 'PLAIN_PASSWORD',
} as const;
export type WorkflowWarningCodeName = keyof typeof WorkflowWarningCode;
registerEnumType(WorkflowWarningCode, {
  name: 'WorkflowWarningCode',
  description: 'Why steps that were saved may not do what was meant.',
  valuesConfig: {
    USE_NOT_ALLOWED: { description: 'The key is not meant to be used in this kind of step.' },
    PLACEMENT_NOT_ALLOWED: { description: 'The key is not meant to be put into this part of a request.' },
    HOST_NOT_ALLOWED: { description: 'The host of the URL is none of the allowed hosts of the key.' },
    SECRET_KEY_EXPIRED: { description: 'The key has expired.' },
    PLAIN_PASSWORD: { description: 'A password is written out, for everyone in the organization to read.' },
  },
});

export const NotMovedReason = {
  WORKFLOW_NOT_EDITABLE: 'WORKFLOW_NOT_EDITABLE',
  OTHER_SECRET_KEY_NOT_USABLE: 'OTHER_SECRET_KEY_NOT_USABLE',
  RAW_NOT_ALLOWED: 'RAW_NOT_ALLOWED',
} as const;
export type NotMovedReasonName = keyof typeof NotMovedReason;
registerEnumType(NotMovedReason, {
  name: 'NotMovedReason',
  description: 'Why a workflow keeps its references.',
  valuesConfig: {
    WORKFLOW_NOT_EDITABLE: { description: 'The caller may not edit the workflow.' },
    OTHER_SECRET_KEY_NOT_USABLE: {
      description: 'One of the steps names another key, which the caller may not use or which is gone.',
    },
    RAW_NOT_ALLOWED: {
      description: 'Code in it would get the value of the key itself, which the policy denies the caller.',
    },
  },
});
