/** Changes of access as sentences for people who read policies and no code. */
import type { Cell } from './cases.js';
import type { AttributeDeclaration, Catalogue } from './catalogue.js';
import type { AccessChange } from './diff.js';
import type { DefinitionChange } from './diff-definitions.js';
import type { Fact } from './situations.js';

/** Such as: A member who created the key and holds no `use` grant gains `delete` on restricted secret keys. */
export function changeSentence({ effect, roles, subject, cells, when }: AccessChange, catalogue: Catalogue): string {
  const declaration = catalogue.subjects.get(subject);
  const words = subjectWords(subject);
  const phrases = when.map(
    ({ fact, holds }): Phrase =>
      fact.op === 'given'
        ? { who: `was ${holds ? '' : 'not '}given \`${fact.permissionSet}\`` }
        : phraseOf(fact, holds, declaration?.attributes.get(fact.attribute), words),
  );
  const of = (kind: keyof Phrase): readonly string[] => phrases.flatMap((phrase) => phrase[kind] ?? []);
  const who = of('who').length === 0 ? '' : ` who ${listed(of('who'), 'and')}`;
  const which = [...of('which'), `${words}s`].join(' ');
  const that = of('that').length === 0 ? '' : ` ${listed(of('that'), 'and')}`;
  const where = declaration?.scope === 'request' ? `\`${subject}\`` : which;
  const sentence = `${listed(roles.map(withArticle), 'or')}${who} ${effect === 'gain' ? 'gains' : 'loses'} ${cellsText(cells)} on ${where}${that}.`;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** Such as `secret key`. */
export const subjectWords = (subject: string): string => subject.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();

/** Such as: The field SecretKey.read.name is new. */
export function definitionSentence({ change, definition }: DefinitionChange): string {
  switch (change) {
    case 'added':
      return `The ${definition} is new.`;
    case 'removed':
      return `The ${definition} is gone.`;
    case 'changed':
      return definition.startsWith('attribute ')
        ? `The ${definition} has changed. What its SQL or code now says is for a reviewer who knows it: no comparison of rules shows it.`
        : `The ${definition} has changed.`;
  }
}

/** A circumstance as a part of the sentence: about the principal, before the name of the objects, or after it. */
interface Phrase {
  readonly who?: string;
  readonly which?: string;
  readonly that?: string;
}

type AttributeFact = Exclude<Fact, { readonly op: 'given' }>;

function phraseOf(
  fact: AttributeFact,
  holds: boolean,
  declared: AttributeDeclaration | undefined,
  words: string,
): Phrase {
  const { attribute } = fact;
  const reference = referenceIn(fact);
  const grant = /^grantees\((\w+)\)$/.exec(attribute)?.[1];
  if (attribute === 'organizationId' && reference === 'organizationId' && holds) return {};
  if (attribute === 'createdById' && reference === 'id') {
    const object = words.split(' ').at(-1);
    return { who: holds ? `created the ${object}` : `did not create the ${object}` };
  }
  if (attribute === 'id' && reference === 'id')
    return { that: holds ? 'that are themselves' : 'other than themselves' };
  if (attribute === 'id' && reference === 'groupIds') return { that: `they ${holds ? '' : 'do not '}belong to` };
  if (grant !== undefined && (reference === 'granteeIds' || reference === 'groupIds')) {
    const way = reference === 'groupIds' ? ' through a group' : '';
    return { who: `holds ${holds ? 'a' : 'no'} \`${grant}\` grant${way}` };
  }
  if (fact.op === 'eq' && typeof fact.value === 'string' && declared?.type !== 'set' && declared?.values) {
    return { which: `${holds ? '' : 'non-'}${fact.value.toLowerCase()}` };
  }
  if (fact.op === 'eq' && fact.value === null) return { that: `${holds ? 'without' : 'with any'} \`${attribute}\`` };
  if (fact.op === 'intersects') {
    return { that: `whose \`${attribute}\` ${holds ? 'include' : 'do not include'} ${operandText(fact)}` };
  }
  return { that: `whose \`${attribute}\` is ${holds ? '' : 'not '}${operandText(fact)}` };
}

function referenceIn(fact: AttributeFact): string | null {
  const operand = fact.op === 'eq' ? fact.value : fact.values;
  return operand !== null && typeof operand === 'object' && 'principal' in operand ? operand.principal : null;
}

const referenceTexts: Readonly<Record<string, string>> = {
  id: 'themselves',
  organizationId: 'their organization',
  kind: 'what kind of principal they are',
  role: 'their role',
  groupIds: 'one of their groups',
  granteeIds: 'themselves, one of their groups or their organization',
};

function operandText(fact: AttributeFact): string {
  const reference = referenceIn(fact);
  if (reference !== null) return referenceTexts[reference] ?? reference;
  const constants = fact.op === 'eq' ? [fact.value] : 'principal' in fact.values ? [] : fact.values;
  return listed(
    constants.map((constant) => JSON.stringify(constant)),
    'or',
  );
}

/** Such as: `delete`, and `read` with `id` and `name`. */
function cellsText(cells: readonly Cell[]): string {
  const actions = [...new Set(cells.map(({ action }) => action))].map((action) => {
    const of = cells.filter((cell) => cell.action === action);
    const fields = of.flatMap(({ field }) => (field === undefined ? [] : [`\`${field}\``]));
    if (fields.length === 0) return `\`${action}\``;
    return `\`${action}\` ${of.length > fields.length ? 'with' : 'of'} ${listed(fields, 'and')}`;
  });
  return listed(actions, 'and');
}

export const withArticle = (role: string): string =>
  `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role.replaceAll('-', ' ')}`;

export function listed(items: readonly string[], conjunction: 'and' | 'or'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
