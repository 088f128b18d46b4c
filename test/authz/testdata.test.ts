import { expect } from 'chai';
import { loadPolicies, loadTestdata, PolicyError } from '../../src/authz/index.js';
import { lintCase } from './lint-cases.js';
import { withPolicyFolder } from './policy-folder.js';

/** What keeps the testdata from loading. */
function refusals(name: 'principals' | 'resources', text: string): readonly string[] {
  const path = `tests/testdata/${name}.yaml`;
  return withPolicyFolder({ ...lintCase('base'), [path]: text }, (folder) => {
    try {
      loadTestdata(folder, loadPolicies(folder));
      return [];
    } catch (error) {
      if (error instanceof PolicyError)
        return error.findings.map(({ line, code, message }) => `${line} ${code} ${message}`);
      throw error;
    }
  });
}

const key = (attributes: string): string => `k: { type: SecretKey, organizationId: acme, ${attributes} }\n`;

describe('the testdata of a policy folder', () => {
  const resources: [string, string, string][] = [
    [
      'a type that the catalogue does not have',
      'k: { type: Vault }\n',
      'unknown-subject unknown subject "Vault"; known: SecretKey',
    ],
    [
      'an attribute that the catalogue does not have',
      key('color: blue'),
      'unknown-attribute unknown attribute of SecretKey "color"; known: organizationId, accessLevel, createdById, useCount, watchers, grantees(use), grantees(manage)',
    ],
    [
      'a value that the attribute never is',
      key('accessLevel: SECRET'),
      'impossible-constant k.accessLevel must be one of TEAM, RESTRICTED',
    ],
    [
      'null for an attribute that is never null',
      key('accessLevel: null'),
      'impossible-constant k.accessLevel is never null in the catalogue',
    ],
    ['a value of another type', key('useCount: "0"'), 'wrong-type k.useCount must be a number'],
    ['a list for one value', key('createdById: [max]'), 'wrong-type k.createdById must be one string'],
    ['one value for a set', key('watchers: max'), 'wrong-type k.watchers is a set: write a list'],
    [
      'a set that has more than the one it is a part of',
      key('grantees(use): [max], grantees(manage): [max, ada]'),
      'impossible-constant k.grantees(manage) has elements that grantees(use) has not, of which it is a subset in the catalogue',
    ],
    ['a resource without a type', 'k: { organizationId: acme }\n', 'missing-key k must have a type'],
    [
      'a name with a space',
      'k k: { type: SecretKey }\n',
      'invalid-id "k k" must be of letters, digits, hyphens, underscores, dots, colons and @',
    ],
  ];
  for (const [what, text, finding] of resources) {
    it(`is refused with ${what}`, () => {
      expect(refusals('resources', text)).to.deep.equal([`1 ${finding}`]);
    });
  }

  const principals: [string, string, string][] = [
    [
      'a permission set that roles.yaml does not have',
      'kind: PERSON, role: MEMBER, organizationId: acme, permissionSets: [tidy]',
      'unknown-role unknown permission set "tidy"; known: none',
    ],
    [
      'a role that there is not',
      'kind: PERSON, role: OWNER, organizationId: acme',
      'invalid-membership p must have kind PERSON with a role ADMIN, MEMBER or AUDITOR, or kind SERVICE_ACCOUNT without a role',
    ],
    ['a principal without an organization', 'kind: PERSON, role: ADMIN', 'missing-key p must have an organizationId'],
  ];
  for (const [what, entries, finding] of principals) {
    it(`is refused with ${what}`, () => {
      expect(refusals('principals', `p: { ${entries} }\n`)).to.deep.equal([`1 ${finding}`]);
    });
  }

  it('may leave attributes out and have null where the catalogue allows it', () => {
    expect(refusals('resources', key('createdById: null'))).to.deep.equal([]);
  });

  it('that is not there is told once, without what would follow from it', () => {
    withPolicyFolder({ ...lintCase('base'), 'tests/testdata/principals.yaml': null }, (folder) => {
      expect(() => loadTestdata(folder, loadPolicies(folder)))
        .to.throw(PolicyError)
        .with.property(
          'message',
          'policies/tests/testdata/principals.yaml:1: the file does not exist; add it, to begin with as Nightsafe comes with it',
        );
    });
  });
});
