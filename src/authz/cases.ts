/** What is decided, and every case in which rules could decide it otherwise. */
import type { Principal } from '../principal.js';
import type { SubjectDeclaration } from './catalogue.js';
import type { PolicySubject, Term } from './conditions.js';
import { kinds, membershipRolesOf, type Roles, rolesOf, setsFor } from './roles.js';
import type { Rule } from './rules.js';
import { situationsOf } from './situations.js';

/** A principal and an object. */
export interface Case {
  readonly principal: Principal;
  readonly object: PolicySubject;
}

/** What is decided about an object: an action, or one field of it. */
export interface Cell {
  readonly action: string;
  readonly field?: string;
}

export const cellName = ({ action, field }: Cell): string => (field === undefined ? action : `${action}.${field}`);

/** Every cell of the subject in the catalogue: each action, followed by its fields. */
export const cellsOf = ({ actions, fields }: SubjectDeclaration): readonly Cell[] =>
  actions.flatMap((action) => [{ action }, ...[...(fields.get(action) ?? [])].map((field) => ({ action, field }))]);

/**
 * Every case that the rules, and what is asked besides, can tell apart on the subject, the plainest first. An object has the attributes
 * that are asked for.
 * @param besides terms, and permission sets that somebody may have.
 * @throws TooManySituationsError when there are too many.
 */
export function casesOf(
  declaration: SubjectDeclaration,
  roles: Roles,
  rules: readonly Rule[],
  besides: { readonly when: readonly Term[]; readonly to: readonly string[] } = { when: [], to: [] },
): readonly Case[] {
  return kinds.flatMap((kind) => {
    const sets = setsFor(roles, kind, [...rules, besides]);
    const names = [...membershipRolesOf(roles.roles, kind), ...sets];
    const spoken = rules.filter(({ to }) => to.some((name) => names.includes(name)));
    const terms = [...spoken, besides].flatMap(({ when }) => when);
    const read = new Set(terms.map(({ attribute }) => attribute));
    return situationsOf(declaration, terms, kind, sets).situations.map(({ principal, object }) => {
      const attributes = Object.entries(object.attributes).filter(([name]) => read.has(name));
      return { principal, object: { type: object.type, attributes: Object.fromEntries(attributes) } };
    });
  });
}

/** Such as `member and audit-reader someone of an-organization, in a-group`. */
export function principalText(principal: Principal, roles: Roles): string {
  const { id, organizationId, groupIds } = principal;
  const groups = groupIds.length === 0 ? '' : `, in ${groupIds.join(' and ')}`;
  return `${rolesOf(roles, principal).join(' and ')} ${id} of ${organizationId}${groups}`;
}

/** Such as `SecretKey { organizationId: an-organization, grantees(use): [someone] }`. */
export function objectText({ type, attributes }: PolicySubject): string {
  const texts = Object.entries(attributes).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`,
  );
  return `${type} { ${texts.join(', ')} }`;
}
