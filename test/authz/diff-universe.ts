/** A small universe in which every principal and every object is decided, one by one, by a plain reading of the rules. */
import type { Cell } from '../../src/authz/cases.js';
import type { PolicySubject, Scalar, Term } from '../../src/authz/conditions.js';
import type { AccessChange, Rule } from '../../src/authz/index.js';
import { type Roles, rolesOf } from '../../src/authz/roles.js';
import type { GranteeId, OrganizationId } from '../../src/ids.js';
import type { Principal } from '../../src/principal.js';

export interface Meeting {
  readonly principal: Principal;
  readonly object: PolicySubject;
}

const [ann, bea, crew, acme, globex] = ['ann', 'bea', 'crew', 'acme', 'globex'];

/** Whom random rules name as constants. */
export const names = { people: [ann, bea], groups: [crew], organizations: [acme, globex] };

const who: readonly (readonly [id: string, organizationId: string, groupIds: readonly string[]])[] = [
  [ann, acme, []],
  [ann, acme, [crew]],
  ['xan', acme, [crew]],
  ['xan', acme, [bea]],
  ['xan', 'initech', []],
  ['xan', 'initech', ['team', crew]],
];
/** `extra` is offered to members alone, so that it says nothing in the hands of a service account. */
export const permissionSets = [{ name: 'extra', offeredTo: ['member'], why: '', at: { file: '', line: 1 } }];
const kinds = [
  { kind: 'PERSON', role: 'MEMBER', permissionSets: [] },
  { kind: 'PERSON', role: 'MEMBER', permissionSets: ['extra'] },
  { kind: 'SERVICE_ACCOUNT', role: null, permissionSets: [] },
  { kind: 'SERVICE_ACCOUNT', role: null, permissionSets: ['extra'] },
] as const;

const principals: readonly Principal[] = kinds.flatMap((kind) =>
  who.map(([id, organizationId, groupIds]) => ({
    ...kind,
    id: id as GranteeId,
    name: id,
    organizationId: organizationId as OrganizationId,
    groupIds: groupIds.map((group) => group as GranteeId),
    granteeIds: [id, ...groupIds, organizationId],
  })),
);

const grants = [ann, crew, acme].reduce<readonly Sets[]>(
  (all, name) =>
    all.flatMap((sets) => [
      sets,
      { ...sets, 'grantees(use)': [...sets['grantees(use)'], name] },
      { 'grantees(use)': [...sets['grantees(use)'], name], 'grantees(manage)': [...sets['grantees(manage)'], name] },
    ]),
  [{ 'grantees(use)': [], 'grantees(manage)': [] }],
);

interface Sets {
  readonly 'grantees(use)': readonly string[];
  readonly 'grantees(manage)': readonly string[];
}

export const meetings: readonly Meeting[] = principals.flatMap((principal) =>
  [principal.organizationId, globex].flatMap((organizationId) =>
    ['TEAM', 'RESTRICTED'].flatMap((accessLevel) =>
      [null, ann, bea, crew].flatMap((createdById) =>
        grants.map((sets) => ({
          principal,
          object: { type: 'SecretKey', attributes: { organizationId, accessLevel, createdById, ...sets } },
        })),
      ),
    ),
  ),
);

/** For each meeting whether something is so. */
export type Truth = readonly boolean[];

/** Whether the rules allow the cell: one that allows it, and none that denies it. */
export function allowed(rules: readonly Rule[], roles: Roles, { action, field }: Cell): Truth {
  const about = rules.filter(({ actions }) => actions.includes(action));
  const allows = about.filter(({ effect, fields }) => effect === 'allow' && speaksOf(fields, field, true));
  const denies = about.filter(({ effect, fields }) => effect === 'deny' && speaksOf(fields, field, false));
  const reaches = (rule: Rule): Truth => both([isFor(rule.to, roles), ...rule.when.map(truthOf)]);
  const granted = either(allows.map(reaches));
  const refused = either(denies.map(reaches));
  return granted.map((isGranted, index) => isGranted && !refused[index]);
}

/** Where a change says that it is. */
export const isChanged = ({ roles, when }: AccessChange, known: Roles): Truth =>
  both([
    isFor(roles, known),
    ...when.map(({ fact, holds }) => {
      const truth = fact.op === 'given' ? isGiven(fact.permissionSet) : truthOf(fact);
      return holds ? truth : truth.map((isSo) => !isSo);
    }),
  ]);

const speaksOf = (fields: readonly string[] | null, field: string | undefined, ofObject: boolean): boolean =>
  fields === null || (field === undefined ? ofObject : fields.includes(field));

const everywhere = meetings.map(() => true);
const nowhere = meetings.map(() => false);
const both = (truths: readonly Truth[]): Truth =>
  truths.reduce((one, other) => one.map((isSo, index) => isSo && other[index] === true), everywhere);
export const either = (truths: readonly Truth[]): Truth =>
  truths.reduce((one, other) => one.map((isSo, index) => isSo || other[index] === true), nowhere);

const known = new Map<string, Truth>();

function remembered(key: string, isTrue: (meeting: Meeting) => boolean): Truth {
  const truth = known.get(key) ?? meetings.map(isTrue);
  known.set(key, truth);
  return truth;
}

const isGiven = (name: string): Truth =>
  remembered(`given ${name}`, ({ principal }) => principal.permissionSets.includes(name));

const isFor = (names: readonly string[], roles: Roles): Truth =>
  remembered(names.join(' '), ({ principal }) => rolesOf(roles, principal).some((role) => names.includes(role)));

const truthOf = (term: Term): Truth => remembered(JSON.stringify(term), (meeting) => isTrue(term, meeting));

function isTrue(term: Term, { principal, object }: Meeting): boolean {
  const value = object.attributes[term.attribute];
  const operand = 'values' in term ? term.values : term.value;
  const meant: Scalar | readonly Scalar[] =
    operand !== null && typeof operand === 'object' && 'principal' in operand ? principal[operand.principal] : operand;
  switch (term.op) {
    case 'eq':
      return value === meant;
    case 'ne':
      return value !== meant;
    case 'in':
      return Array.isArray(meant) && meant.includes(value);
    case 'nin':
      return Array.isArray(meant) && !meant.includes(value);
    case 'intersects':
      return Array.isArray(meant) && Array.isArray(value) && value.some((element) => meant.includes(element));
  }
}
