/** What every rule must keep, beyond naming only what the catalogue knows. */
import type { Catalogue, SubjectDeclaration } from './catalogue.js';
import type { Term } from './conditions.js';
import type { FindingCode } from './finding-codes.js';
import type { Findings } from './policy-files.js';
import type { Rule } from './rules.js';

export function lintRules(rules: readonly Rule[], catalogue: Catalogue, findings: Findings): void {
  const seen = new Map<string, Rule>();
  for (const rule of rules) {
    const first = seen.get(rule.id);
    if (first)
      findings.add(
        rule.at,
        'duplicate-id',
        `the id ${rule.id} is taken by ${first.at.file}:${first.at.line}; choose another`,
      );
    seen.set(rule.id, rule);
    const subject = catalogue.subjects.get(rule.subject);
    if (!subject) continue;
    for (const [code, message] of problemsOf(rule, subject)) findings.add(rule.at, code, `${rule.id}: ${message}`);
  }
}

type Problem = readonly [FindingCode, string];

function* problemsOf(rule: Rule, subject: SubjectDeclaration): Generator<Problem> {
  if (rule.effect === 'allow' && !rule.when.some(bindsOrganization)) {
    yield [
      'missing-organization',
      'an allow rule must have "organizationId: principal.organizationId"; without it tenants would meet',
    ];
  }
  for (const field of rule.fields ?? []) {
    if (subject.writeOnly.has(field))
      yield [
        'exposed-value',
        `${subject.name}.${field} is writeOnly: no rule may hand it out; take it out of the rule's fields`,
      ];
  }
  yield* fieldProblemsOf(rule, subject);
  if (subject.table !== null) {
    for (const { attribute } of rule.when) {
      if (!hasSql(subject, attribute))
        yield ['missing-sql', `"${attribute}" has no SQL, so that lists of ${subject.name} could not be filtered`];
    }
  }
}

function* fieldProblemsOf({ effect, actions, fields }: Rule, subject: SubjectDeclaration): Generator<Problem> {
  const byField = actions.find((action) => subject.fields.has(action));
  if (fields === null) {
    if (effect === 'allow' && byField) yield ['missing-fields', `an allow rule to ${byField} must list its fields`];
    return;
  }
  if (!byField || actions.length > 1) {
    yield ['misplaced-fields', `a rule with fields has one action, one of: ${[...subject.fields.keys()].join(', ')}`];
    return;
  }
  const known = subject.fields.get(byField);
  for (const field of fields) {
    if (!known?.has(field) && !subject.writeOnly.has(field))
      yield ['unknown-field', `"${field}" is no ${byField} field of ${subject.name}`];
  }
  if (effect === 'allow' && known?.has('id') && !fields.includes('id')) {
    yield [
      'missing-id-field',
      `an allow rule to ${byField} must list id: whoever sees a field of an object sees that it exists`,
    ];
  }
}

const bindsOrganization = (term: Term): boolean =>
  term.op === 'eq' &&
  term.attribute === 'organizationId' &&
  term.value !== null &&
  typeof term.value === 'object' &&
  term.value.principal === 'organizationId';

function hasSql(subject: SubjectDeclaration, attribute: string): boolean {
  const declared = subject.attributes.get(attribute);
  return declared?.type === 'set' ? declared.anyOf !== null : declared !== undefined && declared.column !== null;
}
