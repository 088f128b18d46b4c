/** A JSON Schema of the rule files, made from the catalogue, with which editors complete and check rules as they are typed. */
import type { AttributeDeclaration, SubjectDeclaration } from './catalogue.js';
import { principalAttributes } from './conditions.js';
import type { PolicySet } from './load-policies.js';
import { namesOf } from './roles.js';

type JsonSchema = Readonly<Record<string, unknown>>;

function policySchema(policies: PolicySet): JsonSchema {
  const roles = namesOf(policies);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Nightsafe policy rules',
    type: 'array',
    items: { anyOf: [...policies.catalogue.subjects.values()].map((subject) => ruleSchema(subject, roles)) },
  };
}

/** The schema as a file, formatted as Biome and Prettier would: lists that fit stand in one line of 120 characters. */
export const policySchemaText = (policies: PolicySet): string => `${formatted(policySchema(policies), '', '', 0)}\n`;

/** @param before what precedes the value in its line; `after` counts what follows it there */
function formatted(value: unknown, indent: string, before: string, after: number): string {
  const inner = `${indent}  `;
  const lines = (parts: readonly string[]): string => parts.map((part) => `\n${inner}${part}`).join(',');
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const isShort = indent.length + before.length + line.length + after <= 120;
    if (isShort && value.every((item) => typeof item !== 'object')) return line;
    const items = value.map((item, index) => formatted(item, inner, '', index < value.length - 1 ? 1 : 0));
    return `[${lines(items)}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const parts = entries.map(([key, item], index) => {
    const name = `${JSON.stringify(key)}: `;
    return `${name}${formatted(item, inner, name, index < entries.length - 1 ? 1 : 0)}`;
  });
  return `{${lines(parts)}\n${indent}}`;
}

function ruleSchema(subject: SubjectDeclaration, roles: readonly string[]): JsonSchema {
  const attributes = [...subject.attributes].map(([name, declared]) => [name, attributeSchema(declared)]);
  return {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'effect', 'to', 'actions', 'subject', 'why'],
    properties: {
      id: { type: 'string' },
      effect: { enum: ['allow', 'deny'] },
      to: someOf(roles),
      actions: someOf(subject.actions),
      subject: { const: subject.name },
      fields: someOf([...subject.fields.values()].flatMap((names) => [...names])),
      when: { type: 'object', additionalProperties: false, properties: Object.fromEntries(attributes) },
      why: { type: 'string', description: 'One sentence a reviewer would accept as the reason.' },
    },
  };
}

function attributeSchema(declared: AttributeDeclaration): JsonSchema {
  if (declared.type === 'set') return operator('in', listOf({ type: 'string' }));
  const constant = declared.values ? { enum: declared.values } : { type: declared.type };
  const one = { anyOf: [constant, { enum: references('one') }, ...(declared.nullable ? [{ type: 'null' }] : [])] };
  return { anyOf: [one, operator('ne', one), operator('in', listOf(constant)), operator('nin', listOf(constant))] };
}

const listOf = (constant: JsonSchema): JsonSchema => ({
  anyOf: [{ type: 'array', items: constant }, { enum: references('many') }],
});

const operator = (name: string, operand: JsonSchema): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: [name],
  properties: { [name]: operand },
});

const someOf = (names: readonly string[]): JsonSchema => ({
  type: 'array',
  minItems: 1,
  uniqueItems: true,
  items: { enum: names },
});

const references = (arity: 'one' | 'many'): readonly string[] =>
  Object.entries(principalAttributes)
    .filter(([, declared]) => declared === arity)
    .map(([name]) => `principal.${name}`);
