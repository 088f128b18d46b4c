/**
 * Whom rules speak to. A role follows from membership alone: who the principal is in the organization, never what it asks for. A
 * permission set is what the policies offer besides: an organization's admins compose custom roles of it and give them to people and
 * service accounts. Whoever was given one is spoken to under its name, as long as the policies offer it to one of their roles.
 */
import type { PersonRole, Principal, PrincipalKind } from '../principal.js';
import { isWildcard } from './catalogue.js';
import type { Location, YamlNode, YamlReader } from './policy-files.js';

export interface Role {
  readonly name: string;
  readonly kind: PrincipalKind;
  /** Null for principals that have no role of a person. */
  readonly role: PersonRole | null;
}

export interface PermissionSet {
  readonly name: string;
  /** The roles that it is offered to. In anyone else's hands it says nothing. */
  readonly offeredTo: readonly string[];
  readonly why: string;
  readonly at: Location;
}

/** Everything that a rule's `to` may name. */
export interface Roles {
  readonly roles: readonly Role[];
  readonly permissionSets: readonly PermissionSet[];
}

/** What a principal's roles depend on. */
export type Membership = Pick<Principal, 'kind' | 'role' | 'permissionSets'>;

/** The names under which rules speak to the principal: its roles, then the permission sets that count for it. */
export function rolesOf(roles: Roles, principal: Membership): readonly string[] {
  const standing = standingOf(roles, principal);
  return [...standing.roles, ...standing.permissionSets];
}

/** The same, apart. */
export function standingOf(
  { roles, permissionSets }: Roles,
  principal: Membership,
): { readonly roles: readonly string[]; readonly permissionSets: readonly string[] } {
  const own = membershipRolesOf(roles, principal);
  const given = permissionSets.filter(
    ({ name, offeredTo }) => principal.permissionSets.includes(name) && offeredTo.some((role) => own.includes(role)),
  );
  return { roles: own, permissionSets: given.map(({ name }) => name) };
}

export const membershipRolesOf = (roles: readonly Role[], principal: Kind): readonly string[] =>
  roles.filter(({ kind, role }) => principal.kind === kind && principal.role === role).map(({ name }) => name);

/** What a principal is, before anything is given to it. */
export type Kind = Pick<Principal, 'kind' | 'role'>;

/** Every kind of principal that there is. */
export const kinds = [
  { kind: 'PERSON', role: 'ADMIN' },
  { kind: 'PERSON', role: 'MEMBER' },
  { kind: 'PERSON', role: 'AUDITOR' },
  { kind: 'SERVICE_ACCOUNT', role: null },
] as const satisfies readonly Kind[];

/** The permission sets that are offered to principals of the kind and that a rule speaks to. */
export function setsFor(
  { roles, permissionSets }: Roles,
  kind: Kind,
  rules: readonly { readonly to: readonly string[] }[],
): readonly string[] {
  const own = membershipRolesOf(roles, kind);
  const spokenTo = new Set(rules.flatMap(({ to }) => to));
  return permissionSets
    .filter(({ name, offeredTo }) => spokenTo.has(name) && offeredTo.some((role) => own.includes(role)))
    .map(({ name }) => name);
}

/** Smaller ones first. */
export function combinationsOf<Value>(values: readonly Value[]): readonly (readonly Value[])[] {
  let combinations: readonly (readonly Value[])[] = [[]];
  for (const value of values) combinations = combinations.concat(combinations.map((some) => [...some, value]));
  return combinations.toSorted((a, b) => a.length - b.length);
}

export const namesOf = ({ roles, permissionSets }: Roles): readonly string[] =>
  [...roles, ...permissionSets].map(({ name }) => name);

/** Every combination of sets is tried when rules are proved and compared, so that each one doubles the work. */
const mostPermissionSets = 8;

export function readRoles(node: YamlNode, reader: YamlReader): Roles {
  const entries = reader.record(node, 'the roles', ['roles', 'permissionSets']);
  const declared = entries.get('roles');
  if (!declared) {
    reader.findings.add(node.at, 'missing-key', 'the roles must be listed under "roles"');
    return { roles: [], permissionSets: [] };
  }
  const roles = [...reader.entries(declared, 'roles')].flatMap(([name, value]) => {
    if (isWildcard(name)) reader.findings.add(value.at, 'wildcard', `"${name}" is a wildcard; name the role`);
    const fields = reader.record(value, `the role ${name}`, ['kind', 'role']);
    const membership = readMembership(name, fields, value.at, reader);
    return membership ? [{ name, ...membership }] : [];
  });
  const offered = entries.get('permissionSets');
  const sets = offered ? [...reader.entries(offered, 'permissionSets')] : [];
  if (offered && sets.length > mostPermissionSets) {
    const message = `there are ${sets.length} permission sets; every combination of them is proved, so that ${mostPermissionSets} are the most`;
    reader.findings.add(offered.at, 'too-many-permission-sets', message);
  }
  return { roles, permissionSets: sets.map(([name, value]) => readPermissionSet(name, value, roles, reader)) };
}

function readPermissionSet(name: string, node: YamlNode, roles: readonly Role[], reader: YamlReader): PermissionSet {
  const { findings } = reader;
  if (isWildcard(name)) findings.add(node.at, 'wildcard', `"${name}" is a wildcard; name the permission set`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 64) {
    const form = 'a permission set is named in lower-case words with hyphens between them, of at most 64 characters';
    findings.add(node.at, 'wrong-shape', `"${name}" is no such name: ${form}`);
  }
  if (roles.some((role) => role.name === name)) {
    findings.add(node.at, 'duplicate-name', `"${name}" is a role already; a rule must say which of them it means`);
  }
  const entries = reader.record(node, `the permission set ${name}`, ['offeredTo', 'why']);
  const offeredNode = entries.get('offeredTo');
  const whyNode = entries.get('why');
  if (!offeredNode)
    findings.add(node.at, 'missing-key', `the permission set ${name} has no "offeredTo": a list of roles`);
  if (!whyNode) findings.add(node.at, 'missing-key', `the permission set ${name} has no "why"`);
  const offeredTo = offeredNode ? reader.texts(offeredNode, `offeredTo of ${name}`) : [];
  if (offeredNode && offeredTo.length === 0) {
    findings.add(offeredNode.at, 'empty-list', `the permission set ${name} is offered to no role`);
  }
  const known = roles.map((role) => role.name);
  for (const role of offeredTo.filter((each) => !known.includes(each))) {
    findings.add(offeredNode?.at ?? node.at, 'unknown-role', `unknown role "${role}"; known: ${known.join(', ')}`);
  }
  const why = (whyNode && reader.text(whyNode, `the why of ${name}`)) ?? '';
  return { name, offeredTo, why, at: node.at };
}

/** What a principal is in the organization: a person with a role, or a service account. */
export function readMembership(
  name: string,
  entries: ReadonlyMap<string, YamlNode>,
  at: Location,
  reader: YamlReader,
): Pick<Principal, 'kind' | 'role'> | null {
  const kindNode = entries.get('kind');
  const roleNode = entries.get('role');
  const kind = kindNode ? reader.text(kindNode, `the kind of ${name}`) : null;
  const role = roleNode ? reader.text(roleNode, `the role of ${name}`) : null;
  if (isKind(kind) && isRole(role) && (kind === 'PERSON') === (role !== null)) return { kind, role };
  const forms = 'kind PERSON with a role ADMIN, MEMBER or AUDITOR, or kind SERVICE_ACCOUNT without a role';
  reader.findings.add(at, 'invalid-membership', `${name} must have ${forms}`);
  return null;
}

const isKind = (text: string | null): text is PrincipalKind => text === 'PERSON' || text === 'SERVICE_ACCOUNT';
const isRole = (text: string | null): text is PersonRole | null =>
  text === null || text === 'ADMIN' || text === 'MEMBER' || text === 'AUDITOR';
