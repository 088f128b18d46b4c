/** An explanation of a decision as people read it. */
import type { ExplainedRule, ExplainedTerm, Explanation } from '../authz/index.js';
import type { KeyPath, Parties } from './policy-explain.js';
import { bad, good, placeOf, quiet, strong } from './policy-output.js';

/** @param deed such as `use`, or `read grants of` */
export function explanationText({ decision, roles, rule }: Explanation, parties: Parties, deed: string): string {
  const { principal, objectName } = parties;
  const isAllowed = decision.effect === 'allow';
  const verdict = isAllowed ? good('allowed') : bad('denied');
  const who = `${strong(principal.name)} (${roles.join(', ') || 'no role'})`;
  const lines = [`${verdict}  ${who} ${isAllowed ? 'may' : 'may not'} ${deed} ${strong(objectName)}`, ''];
  if (rule === null) return text([...lines, 'No rule allows this to anyone.', '', policyLine(decision)]);
  if (decision.ruleId === null) lines.push('No rule allows it. The one that comes nearest:');
  lines.push(`${strong(rule.id)}  ${placeOf(rule.at)}`, `    ${rule.why}`);
  lines.push(mark(rule.isToPrincipal, `to: [${[...rule.to, ...rule.toPermissionSets].join(', ')}]`));
  lines.push(...rule.terms.map(({ holds, text: written }) => mark(holds, written)));
  const ways = isAllowed ? pathsOf(rule, parties) : remediesOf(rule, parties, roles);
  if (ways.length > 0) lines.push('', isAllowed ? 'Through' : 'To change that', ...ways.map((way) => `    ${way}`));
  return text([...lines, '', policyLine(decision)]);
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const policyLine = ({ policyVersion }: Explanation['decision']): string => quiet(`Policy ${policyVersion}`);
const mark = (holds: boolean, line: string): string => `    ${holds ? good('✓') : bad('✗')} ${line}`;

/** Such as `Bob → Growth → Manage on Stripe`: of a key each grant that lets the rule hold, with the permission that it gives. */
function pathsOf(rule: ExplainedRule, { principal, objectName, nameOf, paths }: Parties): readonly string[] {
  const ways = rule.terms.flatMap(({ attribute, through }): readonly (readonly string[])[] => {
    if (through.length === 0) return [];
    if (attribute === 'grantees(manage)') return paths.filter(({ permission }) => permission === 'MANAGE').map(wayOf);
    if (attribute === 'grantees(use)') return paths.map(wayOf);
    return through.map((id) => [...(id === principal.id ? [] : [nameOf(id)]), `${attribute} of`]);
  });
  return ways.map((way) => `${[principal.name, ...way].join(' → ')} ${objectName}`);
}

function wayOf({ kind, permission, through }: KeyPath): readonly string[] {
  const held = permission === 'MANAGE' ? 'Manage on' : 'Use on';
  if (kind === 'TEAM' || through === null) return ['Team access', held];
  return kind === 'DIRECT' ? [held] : [through.name, held];
}

/** What would have to be otherwise. Of a rule that denies, any one of these; of one that does not allow, all of them. */
function remediesOf(rule: ExplainedRule, parties: Parties, roles: readonly string[]): readonly string[] {
  if (rule.effect === 'deny') {
    return [
      `A deny beats every allow: ${denied(rule, roles)}.`,
      ...rule.terms.map((term) => `Or ${term.text} would have to be false.`),
    ];
  }
  const misses = rule.terms.filter(({ holds }) => !holds);
  if (misses.some(({ attribute }) => attribute === 'organizationId'))
    return ['Nothing: it is of another organization.'];
  return [...(rule.isToPrincipal ? [] : [`${needed(rule)}.`]), ...misses.map((term) => remedyOf(term, parties))];
}

/** The roles and permission sets that a rule which denies has in common with the principal. */
function denied(rule: ExplainedRule, roles: readonly string[]): string {
  const own = rule.to.filter((role) => roles.includes(role));
  const given = rule.toPermissionSets.filter((name) => roles.includes(name));
  return [
    ...(own.length === 0 ? [] : [`${own.join(', ')} would have to be another role`]),
    ...(given.length === 0 ? [] : [`${given.join(', ')} would have to be taken away`]),
  ].join(', and ');
}

function needed({ to, toPermissionSets }: ExplainedRule): string {
  const ways = [
    ...(to.length === 0 ? [] : [`the role would have to be ${listText(to, 'or')}`]),
    ...(toPermissionSets.length === 0 ? [] : [`${listText(toPermissionSets, 'or')} would have to be given`]),
  ].join(', or ');
  return `${ways.charAt(0).toUpperCase()}${ways.slice(1)}`;
}

function remedyOf({ op, attribute, actual, compared }: ExplainedTerm, { principal, nameOf }: Parties): string {
  // Nobody can give Manage to the organization: Team access is Use.
  const possible =
    attribute === 'grantees(manage)' ? compared.filter((id) => id !== principal.organizationId) : compared;
  const names = possible.map((value) => nameOf(String(value)));
  switch (op) {
    case 'intersects': {
      const has = Array.isArray(actual) && actual.length > 0 ? actual.map(nameOf).join(', ') : 'empty';
      return `${attribute} would have to include ${listText(names, 'or')}. It is ${has}.`;
    }
    case 'eq':
    case 'in':
      return names.length === 0
        ? `Nothing: ${attribute} is in no list that is empty.`
        : `${attribute} would have to be ${listText(names, 'or')}. It is ${nameOf(String(actual))}.`;
    case 'ne':
    case 'nin':
      return `${attribute} would have to be none of ${names.join(', ')}. It is ${nameOf(String(actual))}.`;
  }
}

const listText = (names: readonly string[], word: string): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
