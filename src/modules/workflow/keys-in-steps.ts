/** Where the steps of a workflow name keys, and where they read each other's outputs. */
import type { SecretKeyId, StepId } from '../../ids.js';
import type { NamedTemplate, StepDefinition } from './step-definition.js';
import type { JsonTemplate, Template } from './template.js';

/** A field of a step, such as `headers[0].value`, that names a key. */
export interface KeyInStep {
  readonly secretKeyId: SecretKeyId;
  readonly stepId: StepId;
  readonly place: string;
}

/** Each key once for each place, in the order of the steps and their fields. */
export const keysInSteps = (steps: readonly StepDefinition[]): KeyInStep[] =>
  steps.flatMap((step) =>
    templatesOf(step).flatMap(({ place, template }) =>
      keysInTemplate(template).map((secretKeyId) => ({ secretKeyId, stepId: step.id, place })),
    ),
  );

/** A field of a step that reads the output of another. */
export interface OutputInStep {
  readonly stepName: string;
  readonly place: string;
}

/** Each step once for each place, in the order of the fields. */
export const outputsInStep = (step: StepDefinition): OutputInStep[] =>
  templatesOf(step).flatMap(({ place, template }) => {
    const names = template.flatMap((segment) => (segment.kind === 'output' ? [segment.step] : []));
    return [...new Set(names)].map((stepName) => ({ stepName, place }));
  });

interface PlacedTemplate {
  readonly place: string;
  readonly template: Template;
}

/** Each key of a template once. */
export const keysInTemplate = (template: Template): SecretKeyId[] => [
  ...new Set(template.flatMap((segment) => (segment.kind === 'secretKey' ? [segment.secretKeyId] : []))),
];

function templatesOf(step: StepDefinition): PlacedTemplate[] {
  if (step.type === 'RUN_CODE') return named('variables', step.variables);
  const { basicAuth, body } = step;
  return [
    { place: 'url', template: step.url },
    ...named('query', step.query),
    ...named('headers', step.headers),
    ...(basicAuth === null
      ? []
      : [
          { place: 'basicAuth.username', template: basicAuth.username },
          { place: 'basicAuth.password', template: basicAuth.password },
        ]),
    ...(body.kind === 'text' ? [{ place: 'body.text', template: body.text }] : []),
    ...(body.kind === 'json' ? [{ place: 'body.json', template: stringsOf(body.json).flat() }] : []),
    ...(body.kind === 'form' ? named('body.form', body.fields) : []),
  ];
}

const named = (field: string, templates: readonly NamedTemplate[]): PlacedTemplate[] =>
  templates.map(({ value }, index) => ({ place: `${field}[${index}].value`, template: value }));

export function stringsOf(json: JsonTemplate): Template[] {
  switch (json.kind) {
    case 'string':
      return [json.template];
    case 'literal':
      return [];
    case 'array':
      return json.elements.flatMap(stringsOf);
    case 'object':
      return json.members.flatMap(({ value }) => stringsOf(value));
  }
}

const replaceIn = (template: Template, from: SecretKeyId, to: SecretKeyId): Template =>
  template.map((segment) =>
    segment.kind === 'secretKey' && segment.secretKeyId === from ? { kind: 'secretKey', secretKeyId: to } : segment,
  );

function replaceInJson(json: JsonTemplate, from: SecretKeyId, to: SecretKeyId): JsonTemplate {
  switch (json.kind) {
    case 'string':
      return { kind: 'string', template: replaceIn(json.template, from, to) };
    case 'literal':
      return json;
    case 'array':
      return { kind: 'array', elements: json.elements.map((element) => replaceInJson(element, from, to)) };
    case 'object':
      return {
        kind: 'object',
        members: json.members.map(({ name, value }) => ({ name, value: replaceInJson(value, from, to) })),
      };
  }
}

/** The step with another key wherever it names `from`. */
export function withKeyReplaced(step: StepDefinition, from: SecretKeyId, to: SecretKeyId): StepDefinition {
  const replaced = (template: Template) => replaceIn(template, from, to);
  const inAll = (templates: readonly NamedTemplate[]) =>
    templates.map(({ name, value }) => ({ name, value: replaced(value) }));
  if (step.type === 'RUN_CODE') return { ...step, variables: inAll(step.variables) };
  const { basicAuth, body } = step;
  return {
    ...step,
    url: replaced(step.url),
    query: inAll(step.query),
    headers: inAll(step.headers),
    basicAuth: basicAuth && { username: replaced(basicAuth.username), password: replaced(basicAuth.password) },
    body:
      body.kind === 'text'
        ? { ...body, text: replaced(body.text) }
        : body.kind === 'json'
          ? { kind: 'json', json: replaceInJson(body.json, from, to) }
          : body.kind === 'form'
            ? { kind: 'form', fields: inAll(body.fields) }
            : body,
  };
}
