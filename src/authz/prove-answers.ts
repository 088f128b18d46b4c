/** Proves that each field of the API is bound to the policies, and that what they can hide may be null. */
import { type Case, casesOf, objectText, principalText } from './cases.js';
import type { SubjectDeclaration } from './catalogue.js';
import type { PolicySet } from './load-policies.js';
import type { Findings } from './policy-files.js';

/** A field of an answer of the API, and what of the policies it is bound to. */
export interface AnswerField {
  /** Such as `SecretKey.name`. */
  readonly path: string;
  readonly isNullable: boolean;
  /** Null when its type is bound to none. */
  readonly subject: string | null;
  readonly action: 'read' | 'call';
  readonly field: string;
  /** Whether `field` decides about all fields of the type alike, so that an object of it is seen whole or not at all. */
  readonly governsType: boolean;
}

export function proveAnswers(policies: PolicySet, answers: readonly AnswerField[], findings: Findings): void {
  const [first] = policies.catalogue.subjects.values();
  for (const answer of answers) {
    const declaration = policies.catalogue.subjects.get(answer.subject ?? '');
    if (declaration?.fields.get(answer.action)?.has(answer.field)) continue;
    const at = declaration?.at ?? first?.at;
    if (!at) continue;
    const remedy = declaration
      ? `list ${answer.field} among the ${answer.action} fields of ${declaration.name}`
      : 'bind its type to a subject with @GovernedBy';
    findings.add(at, 'unbound-answer', `${answer.path} of the API is bound to no policy; ${remedy}`);
  }
  for (const declaration of policies.catalogue.subjects.values()) {
    const required = answers.filter(
      ({ subject, action, field, isNullable, governsType }) =>
        subject === declaration.name &&
        action === 'read' &&
        declaration.fields.get(action)?.has(field) &&
        !isNullable &&
        !governsType,
    );
    for (const [path, example] of hiddenFields(policies, declaration, required)) {
      const message = `${path} is not nullable, and is hidden from ${example}; make it nullable, or let whoever sees the object see it`;
      findings.add(declaration.at, 'not-nullable', message);
    }
  }
}

/** The fields that someone may not read of an object that they see, each with an example. */
function hiddenFields(
  policies: PolicySet,
  declaration: SubjectDeclaration,
  answers: readonly AnswerField[],
): ReadonlyMap<string, string> {
  const hidden = new Map<string, string>();
  const rules = policies.rules.filter(
    ({ subject, actions }) => subject === declaration.name && actions.includes('read'),
  );
  const look = ({ principal, object }: Case): void => {
    const authorizer = policies.authorize(principal);
    if (!authorizer.can('read', object)) return;
    for (const { path, field } of answers) {
      if (hidden.has(path) || authorizer.can('read', object, field)) continue;
      hidden.set(path, `${principalText(principal, policies)} who sees ${objectText(object)}`);
    }
  };
  if (answers.length > 0) casesOf(declaration, policies, rules).forEach(look);
  return hidden;
}
