/**
 * Puts outputs and the input into templates. What goes in is text to the template, whatever it looks like; keys stay references, which
 * the egress door or the sandbox's host resolves.
 */
import type { JsonValue } from '../modules/run/run-input.js';
import type { JsonTemplate, OutputPath, Segment, Template } from '../modules/workflow/template.js';
import type { ByteBudget } from './byte-budget.js';
import type { JsonParts, PlainPart } from './egress/egress-request.js';
import { RunFailure } from './run-failure.js';

/** What references can name. */
export interface Sources {
  readonly input: JsonValue;
  /** Redacted outputs of the steps so far, by name. */
  readonly outputs: ReadonlyMap<string, JsonValue>;
}

export interface Scope extends Sources {
  /** Of all that is put in, each time that it is. */
  readonly budget: ByteBudget;
}

/** Text stays as it is; anything else becomes its JSON. Throws REFERENCE_NOT_FOUND or TOO_LARGE, which name the field. */
export function render(template: Template, scope: Scope, field: string): PlainPart[] {
  return template.map((segment): PlainPart => {
    if (segment.kind === 'secretKey') return { secretKeyId: segment.secretKeyId };
    const found = segment.kind === 'text' ? segment.text : look(segment, scope, field);
    const text = typeof found === 'string' ? found : JSON.stringify(found);
    scope.budget.spend(text, field);
    return { text };
  });
}

/** A string that is nothing but one reference to an output or the input becomes what that is, with its type. */
export function renderJson(json: JsonTemplate, scope: Scope, field: string): JsonParts {
  switch (json.kind) {
    case 'literal':
      return json.value;
    case 'array':
      return { array: json.elements.map((element) => renderJson(element, scope, field)) };
    case 'object':
      return { object: json.members.map(({ name, value }) => ({ name, value: renderJson(value, scope, field) })) };
    case 'string': {
      const found = lone(json.template, scope, field);
      return found === undefined ? { string: render(json.template, scope, field) } : partsOf(found);
    }
  }
}

/** What a template's only reference to an output or the input names; undefined for any other template. Throws as `render` does. */
export function lone(template: Template, scope: Scope, field: string): JsonValue | undefined {
  const [segment, ...more] = template;
  if (segment === undefined || more.length > 0 || segment.kind === 'text' || segment.kind === 'secretKey')
    return undefined;
  const found = look(segment, scope, field);
  scope.budget.spend(JSON.stringify(found), field);
  return found;
}

function partsOf(value: JsonValue): JsonParts {
  if (typeof value === 'string') return { string: [{ text: value }] };
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return { array: value.map(partsOf) };
  return { object: Object.entries(value).map(([name, member]) => ({ name, value: partsOf(member) })) };
}

function look(segment: Extract<Segment, { readonly path: OutputPath }>, scope: Scope, field: string): JsonValue {
  const start = segment.kind === 'input' ? scope.input : scope.outputs.get(segment.step);
  const found = segment.path.reduce<JsonValue | undefined>(memberOf, start);
  if (found !== undefined) return found;
  const what = segment.kind === 'input' ? 'the input' : `the output of ${segment.step}`;
  throw new RunFailure('REFERENCE_NOT_FOUND', `A reference names something that ${what} does not have.`, { field });
}

function memberOf(value: JsonValue | undefined, name: string | number): JsonValue | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (isArray(value)) return typeof name === 'number' ? value[name] : undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
