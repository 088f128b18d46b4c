/** A template as text that parses to the same template again. */
import type { OutputPath, Template } from './template.js';
import { beforeBackslashes, type Reference } from './template-parse.js';

export const printTemplate = (template: Template): string =>
  template
    .map((segment, index) =>
      segment.kind === 'text' ? printText(segment.text, index < template.length - 1) : printReference(segment),
    )
    .join('');

export function printReference(reference: Reference): string {
  switch (reference.kind) {
    case 'secretKey':
      return `{{ secretKey:${reference.secretKeyId} }}`;
    case 'output':
      return `{{ steps.${reference.step}${printPath(reference.path)} }}`;
    case 'input':
      return `{{ input${printPath(reference.path)} }}`;
  }
}

const printPath = (path: OutputPath): string => path.map(printPart).join('');

function printPart(part: string | number): string {
  if (typeof part === 'number') return `[${part}]`;
  return /^[A-Za-z_$][\w$]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
}

/** Two braces are written `\{{`. Backslashes are doubled where they would otherwise belong to such a pair or to a reference. */
function printText(text: string, isBeforeReference: boolean): string {
  let printed = '';
  let at = 0;
  for (let brace = text.indexOf('{'); brace >= 0; brace = text.indexOf('{', at)) {
    let end = brace + 1;
    while (text[end] === '{') end += 1;
    const count = end - brace;
    const touchesBraces = count > 1 || (isBeforeReference && end === text.length);
    const doubled = touchesBraces ? text.slice(beforeBackslashes(text, at, brace), brace) : '';
    printed += text.slice(at, brace) + doubled + '\\{{'.repeat(count >> 1) + '{'.repeat(count % 2);
    at = end;
  }
  const rest = text.slice(at);
  return printed + rest + (isBeforeReference ? rest.slice(beforeBackslashes(rest, 0, rest.length)) : '');
}
