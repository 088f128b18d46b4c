import { expect } from 'chai';
import fc from 'fast-check';
import { casesOf } from '../../src/authz/cases.js';
import type { AttributeDeclaration, SubjectDeclaration } from '../../src/authz/catalogue.js';
import { bind, type PolicySubject, predicateOf, type Term } from '../../src/authz/conditions.js';
import type { GranteeId, OrganizationId } from '../../src/ids.js';
import type { Principal } from '../../src/principal.js';

const scalar = (type: 'string' | 'number' | 'boolean', nullable: boolean) =>
  ({ type, nullable, values: null, column: null }) as const;

const declaration: SubjectDeclaration = {
  name: 'Thing',
  scope: 'object',
  table: null,
  actions: ['see'],
  fields: new Map(),
  writeOnly: new Set(),
  attributes: new Map<string, AttributeDeclaration>([
    ['organizationId', scalar('string', false)],
    ['ownerId', scalar('string', true)],
    ['level', { type: 'string', nullable: false, values: ['LOW', 'HIGH'], column: null }],
    ['size', scalar('number', false)],
    ['isOld', scalar('boolean', false)],
    ['users', { type: 'set', subsetOf: null, anyOf: null }],
    ['managers', { type: 'set', subsetOf: 'users', anyOf: null }],
  ]),
  at: { file: 'catalogue.yaml', line: 1 },
};

// Ids are never shared: not by a person and a group, and not by either and an organization.
const people = ['p1', 'p2', 'p3'];
const groups = ['g1', 'g2', 'g3'];
const organizations = ['o1', 'o2'];
const person = fc.constantFrom(...people);
const group = fc.constantFrom(...groups);
const organization = fc.constantFrom(...organizations);
const anyone = fc.constantFrom(...people, ...groups, ...organizations);
/** Constants name some of them, so that the others are named by none. */
const name = fc.constantFrom('p1', 'p2', 'g1', 'g2', 'o1', 'MEMBER');
const one = fc.oneof(
  name,
  fc.constantFrom({ principal: 'id' }, { principal: 'organizationId' }, { principal: 'role' }) as fc.Arbitrary<{
    principal: 'id' | 'organizationId' | 'role';
  }>,
);
const many = fc.oneof(
  fc.uniqueArray(name, { maxLength: 2 }),
  fc.constantFrom<{ principal: 'groupIds' | 'granteeIds' }>({ principal: 'groupIds' }, { principal: 'granteeIds' }),
);
const term: fc.Arbitrary<Term> = fc.oneof(
  fc.record({ op: fc.constantFrom('eq', 'ne'), attribute: fc.constantFrom('organizationId', 'ownerId'), value: one }),
  fc.record({ op: fc.constantFrom('eq', 'ne'), attribute: fc.constant('ownerId'), value: fc.constant(null) }),
  fc.record({ op: fc.constantFrom('in', 'nin'), attribute: fc.constant('ownerId'), values: many }),
  fc.record({
    op: fc.constantFrom('eq', 'ne'),
    attribute: fc.constant('level'),
    value: fc.constantFrom('LOW', 'HIGH'),
  }),
  fc.record({ op: fc.constantFrom('eq', 'ne'), attribute: fc.constant('size'), value: fc.constantFrom(1, 2) }),
  fc.record({ op: fc.constantFrom('eq', 'ne'), attribute: fc.constant('isOld'), value: fc.boolean() }),
  fc.record({ op: fc.constant('intersects'), attribute: fc.constantFrom('users', 'managers'), values: many }),
);

const membership = fc.constantFrom<Pick<Principal, 'kind' | 'role'>>(
  { kind: 'PERSON', role: 'MEMBER' },
  { kind: 'SERVICE_ACCOUNT', role: null },
);
const principalAndObject = fc
  .record({
    membership,
    id: person,
    organizationId: organization,
    groupIds: fc.uniqueArray(group),
    owner: fc.option(fc.oneof(anyone, fc.constant('MEMBER'))),
    objectOrganization: organization,
    level: fc.constantFrom('LOW', 'HIGH'),
    size: fc.integer({ min: 0, max: 3 }),
    isOld: fc.boolean(),
    users: fc.uniqueArray(fc.tuple(anyone, fc.boolean()), { selector: ([user]) => user, maxLength: 4 }),
  })
  .map((made) => ({
    principal: {
      ...made.membership,
      permissionSets: [],
      id: made.id as GranteeId,
      name: made.id,
      organizationId: made.organizationId as OrganizationId,
      groupIds: made.groupIds as GranteeId[],
      granteeIds: [made.id, ...made.groupIds, made.organizationId],
    },
    object: {
      type: 'Thing',
      attributes: {
        organizationId: made.objectOrganization,
        ownerId: made.owner,
        level: made.level,
        size: made.size,
        isOld: made.isOld,
        users: made.users.map(([user]) => user),
        managers: made.users.filter(([, manages]) => manages).map(([user]) => user),
      },
    },
  }));

const casesFor = (when: readonly Term[]) =>
  casesOf(declaration, { roles: [], permissionSets: [] }, [], { when, to: [] });

/** Which of the terms hold. */
const outcome = (terms: readonly Term[], principal: Principal, object: PolicySubject): string =>
  terms.map((each) => Number(predicateOf(bind([each], principal), declaration)(object))).join('');

describe('the cases of the fragment', () => {
  it('have, for any principal and object, one in which the same terms hold for the same kind of principal', () => {
    fc.assert(
      fc.property(
        fc.array(term, { minLength: 1, maxLength: 3 }),
        fc.array(principalAndObject, { minLength: 20 }),
        (terms, pairs) => {
          const known = new Set(
            casesFor(terms).map(
              ({ principal, object }) => `${principal.kind} ${principal.role} ${outcome(terms, principal, object)}`,
            ),
          );
          for (const { principal, object } of pairs) {
            expect(known).to.include(`${principal.kind} ${principal.role} ${outcome(terms, principal, object)}`);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  for (const [reference, constant] of [
    ['id', 'p1'],
    ['groupIds', 'g1'],
    ['organizationId', 'o1'],
  ] as const) {
    it(`have a principal whose ${reference} a constant names, where both are compared with one attribute`, () => {
      const attribute = 'ownerId';
      const own: Term =
        reference === 'groupIds'
          ? { op: 'in', attribute, values: { principal: reference } }
          : { op: 'eq', attribute, value: { principal: reference } };
      const terms: Term[] = [own, { op: 'eq', attribute, value: constant }];
      const outcomes = casesFor(terms).map(({ principal, object }) => outcome(terms, principal, object));
      expect([...new Set(outcomes)].sort()).to.deep.equal(['00', '01', '10', '11']);
    });
  }
});
