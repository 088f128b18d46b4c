/** A JSON template as JSON text, indented by two, that parses to the same template again. */
import type { JsonTemplate } from './template.js';
import { printTemplate } from './template-text.js';

export function printJsonTemplate(json: JsonTemplate, indent = ''): string {
  const inner = `${indent}  `;
  switch (json.kind) {
    case 'string':
      return JSON.stringify(printTemplate(json.template));
    case 'literal':
      return JSON.stringify(json.value);
    case 'array':
      return wrapped(
        '[',
        json.elements.map((element) => printJsonTemplate(element, inner)),
        ']',
        indent,
      );
    case 'object':
      return wrapped(
        '{',
        json.members.map(({ name, value }) => `${JSON.stringify(name)}: ${printJsonTemplate(value, inner)}`),
        '}',
        indent,
      );
  }
}

const wrapped = (open: string, parts: readonly string[], close: string, indent: string): string =>
  parts.length === 0
    ? open + close
    : `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
