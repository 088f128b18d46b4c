/** A step of a workflow as it is stored, signed and run. */
import type { GranteeId, StepId } from '../../ids.js';
import type { JsonTemplate, Template } from './template.js';

export const requestMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type RequestMethod = (typeof requestMethods)[number];

export interface NamedTemplate {
  readonly name: string;
  readonly value: Template;
}

export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: Template; readonly contentType: string }
  | { readonly kind: 'json'; readonly json: JsonTemplate }
  | { readonly kind: 'form'; readonly fields: readonly NamedTemplate[] };

interface Step {
  readonly id: StepId;
  /** How later steps refer to its output; an identifier, unique in the workflow. */
  readonly name: string;
  /** Who last changed the step: they must hold `use` on every key in it and behind the outputs that it reads, when it is saved and when it runs. */
  readonly editedById: GranteeId;
  readonly timeoutSeconds: number;
}

export interface SendApiRequestStep extends Step {
  readonly type: 'SEND_API_REQUEST';
  readonly method: RequestMethod;
  readonly url: Template;
  readonly query: readonly NamedTemplate[];
  readonly headers: readonly NamedTemplate[];
  readonly basicAuth: { readonly username: Template; readonly password: Template } | null;
  readonly body: RequestBody;
  /** Statuses with which the step succeeds; null for 200 to 299. */
  readonly expectStatus: readonly number[] | null;
}

export interface RunCodeStep extends Step {
  readonly type: 'RUN_CODE';
  readonly code: string;
  /** Constants of the code. */
  readonly variables: readonly NamedTemplate[];
}

export type StepDefinition = SendApiRequestStep | RunCodeStep;
export type StepType = StepDefinition['type'];
