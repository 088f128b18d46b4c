/** Enumerations of the API for secret keys. Their values are the ones that the database holds. */
import { registerEnumType } from 'type-graphql';

export const SecretAccessLevel = { TEAM: 'TEAM', RESTRICTED: 'RESTRICTED' } as const;
registerEnumType(SecretAccessLevel, {
  name: 'SecretAccessLevel',
  description: 'Who may use a key.',
  valuesConfig: {
    TEAM: { description: 'Everyone in the organization may use it; grants may add managers.' },
    RESTRICTED: { description: 'Only those whom a grant names, directly or through a group.' },
  },
});

export const SecretPermission = { USE: 'USE', MANAGE: 'MANAGE' } as const;
registerEnumType(SecretPermission, {
  name: 'SecretPermission',
  description: 'What a grant allows.',
  valuesConfig: {
    USE: { description: 'Use the key in workflows and see its settings.' },
    MANAGE: {
      description: 'Use it, rename it, replace its value, change who has access and where it may be used, delete it.',
    },
  },
});

export const SecretPlacement = { HEADER: 'HEADER', QUERY: 'QUERY', BODY: 'BODY' } as const;
registerEnumType(SecretPlacement, {
  name: 'SecretPlacement',
  description: 'A part of a request that a value may be put in.',
  valuesConfig: {
    HEADER: { description: 'The value of a header.' },
    QUERY: { description: 'The query of the URL. Servers and proxies like to log it.' },
    BODY: { description: 'The body.' },
  },
});

export const SecretUse = {
  SEND_API_REQUEST: 'SEND_API_REQUEST',
  RUN_CODE: 'RUN_CODE',
  HMAC: 'HMAC',
  JWT: 'JWT',
  BASIC_AUTH: 'BASIC_AUTH',
  RAW: 'RAW',
} as const;
registerEnumType(SecretUse, {
  name: 'SecretUse',
  description: 'A way in which a workflow may use a key.',
  valuesConfig: {
    SEND_API_REQUEST: { description: 'In a Send API Request action.' },
    RUN_CODE: { description: 'In a Run Code action, as a placeholder that is replaced when a request leaves.' },
    HMAC: { description: 'To compute a keyed hash on behalf of code.' },
    JWT: { description: 'To sign a JSON Web Token on behalf of code.' },
    BASIC_AUTH: { description: 'To make a Basic authorization header on behalf of code.' },
    RAW: {
      description: 'As the value itself, in code. Masking cannot hold against whoever writes the code; needs a reason.',
    },
  },
});

/** Actions of the catalogue by their names in the API. */
export const SecretKeyAction = {
  READ: 'read',
  USE: 'use',
  USE_RAW: 'useRaw',
  RENAME: 'rename',
  UPDATE_VALUE: 'updateValue',
  SET_ACCESS: 'setAccess',
  SET_USE: 'setUse',
  ALLOW_RAW: 'allowRaw',
  DELETE: 'delete',
  RESTORE: 'restore',
} as const;
export type SecretKeyActionName = (typeof SecretKeyAction)[keyof typeof SecretKeyAction];
registerEnumType(SecretKeyAction, {
  name: 'SecretKeyAction',
  description: 'What can be done with a key.',
  valuesConfig: {
    READ: { description: 'See that the key exists, and its settings. Never its value.' },
    USE: { description: 'Use it in workflows.' },
    USE_RAW: { description: 'Have code get the value itself, of a key that allows RAW.' },
    RENAME: { description: 'Change its name and description.' },
    UPDATE_VALUE: { description: 'Replace its value.' },
    SET_ACCESS: { description: 'Change who may use and manage it.' },
    SET_USE: { description: 'Change where and how it may be used.' },
    ALLOW_RAW: { description: 'Let code have the value itself: add RAW to its uses.' },
    DELETE: { description: 'Delete it.' },
    RESTORE: { description: 'Bring it back within the retention time.' },
  },
});

export const SecretValueEncoding = { UTF8: 'UTF8', BASE64: 'BASE64' } as const;
export type SecretValueEncodingName = keyof typeof SecretValueEncoding;
registerEnumType(SecretValueEncoding, {
  name: 'SecretValueEncoding',
  description: 'How a value is written in the request.',
  valuesConfig: {
    UTF8: { description: 'As text; the value is its UTF-8 bytes.' },
    BASE64: { description: 'As base64 (RFC 4648, padded, no line breaks); the value is the decoded bytes.' },
  },
});

export const SecretKeyScope = {
  ALL: 'ALL',
  TEAM: 'TEAM',
  RESTRICTED: 'RESTRICTED',
  CREATED_BY_ME: 'CREATED_BY_ME',
  MANAGED_BY_ME: 'MANAGED_BY_ME',
} as const;
export type SecretKeyScopeName = keyof typeof SecretKeyScope;
registerEnumType(SecretKeyScope, {
  name: 'SecretKeyScope',
  description: 'Which of the keys that the caller may see.',
  valuesConfig: {
    ALL: { description: 'All of them.' },
    TEAM: { description: 'Those that everyone in the organization may use.' },
    RESTRICTED: { description: 'Those with restricted access.' },
    CREATED_BY_ME: { description: 'Those that the caller created.' },
    MANAGED_BY_ME: { description: 'Those that a grant lets the caller manage, directly or through a group.' },
  },
});

export const SecretKeyOrderField = {
  NAME: 'NAME',
  CREATED_AT: 'CREATED_AT',
  VALUE_UPDATED_AT: 'VALUE_UPDATED_AT',
  LAST_USED_AT: 'LAST_USED_AT',
} as const;
export type SecretKeyOrderFieldName = keyof typeof SecretKeyOrderField;
registerEnumType(SecretKeyOrderField, {
  name: 'SecretKeyOrderField',
  description: 'What a list of keys is ordered by.',
  valuesConfig: {
    NAME: { description: 'The name, without regard to case.' },
    CREATED_AT: { description: 'When the key was created.' },
    VALUE_UPDATED_AT: { description: 'When the value was last replaced.' },
    LAST_USED_AT: { description: 'When the key was last used; never used counts as earliest.' },
  },
});

export const OrderDirection = { ASC: 'ASC', DESC: 'DESC' } as const;
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which end of an order comes first.',
  valuesConfig: {
    ASC: { description: 'Smallest or earliest first.' },
    DESC: { description: 'Largest or latest first.' },
  },
});

export const WarningCode = {
  SHORT_VALUE: 'SHORT_VALUE',
  GUESSABLE_VALUE: 'GUESSABLE_VALUE',
  TRAILING_NEWLINE: 'TRAILING_NEWLINE',
  SURROUNDING_SPACE: 'SURROUNDING_SPACE',
  NO_ALLOWED_HOSTS: 'NO_ALLOWED_HOSTS',
  ANY_HOST: 'ANY_HOST',
  RAW_USE: 'RAW_USE',
  WORKFLOWS_STOP: 'WORKFLOWS_STOP',
} as const;
export type WarningCodeName = keyof typeof WarningCode;
registerEnumType(WarningCode, {
  name: 'WarningCode',
  description: 'Why a change that was made may not be what was meant.',
  valuesConfig: {
    SHORT_VALUE: { description: 'The value has fewer than 8 bytes; so short a text cannot be masked in results.' },
    GUESSABLE_VALUE: {
      description: 'The value is of fewer than 16 digits; whoever may use it in a workflow can find it by trying.',
    },
    TRAILING_NEWLINE: { description: 'The value ends with a line break. It was stored as given.' },
    SURROUNDING_SPACE: { description: 'The value starts or ends with white space. It was stored as given.' },
    NO_ALLOWED_HOSTS: { description: 'The key has no allowed hosts, so no request can carry it yet.' },
    ANY_HOST: { description: 'Requests may carry the key to any host.' },
    RAW_USE: { description: 'Code may get the value itself.' },
    WORKFLOWS_STOP: { description: 'Whoever last edited a step of an active workflow may not use the key any more.' },
  },
});
