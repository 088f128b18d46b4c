import { expect } from 'chai';
import { type Access, accessToSql, type Condition, loadPolicies } from '../../src/authz/index.js';

const policies = loadPolicies('policies');
const sqlOf = (access: Access) => accessToSql(policies, 'SecretKey', access, 'k');
const sqlOfCondition = (condition: Condition) => sqlOf({ kind: 'condition', condition });
const attribute = 'createdById';

describe('accessToSql', () => {
  it('is true for the whole organization and false for nothing', () => {
    expect(sqlOf({ kind: 'organization' })).to.deep.equal({ sql: 'TRUE', parameters: [] });
    expect(sqlOf({ kind: 'none' })).to.deep.equal({ sql: 'FALSE', parameters: [] });
  });

  it('asks a membership of the set by its own SQL, with the values for each branch', () => {
    expect(sqlOf({ kind: 'membership', attribute: 'grantees(use)', values: ['max', 'acme'] })).to.deep.equal({
      sql:
        '(EXISTS (SELECT 1 FROM secret_grant g WHERE g.organization_id = k.organization_id AND g.secret_key_id = k.id ' +
        `AND g.permission IN ('USE', 'MANAGE') AND g.grantee_id IN (?, ?)) OR ` +
        `(k.access_level = 'TEAM' AND k.organization_id IN (?, ?)))`,
      parameters: ['max', 'acme', 'max', 'acme'],
    });
  });

  const comparisons: [Condition, string, unknown[]][] = [
    [{ op: 'eq', attribute, value: 'max' }, 'k.created_by_id = ?', ['max']],
    [{ op: 'eq', attribute, value: null }, 'k.created_by_id IS NULL', []],
    [{ op: 'ne', attribute, value: 'max' }, '(k.created_by_id IS NULL OR k.created_by_id <> ?)', ['max']],
    [{ op: 'ne', attribute, value: null }, 'k.created_by_id IS NOT NULL', []],
    [{ op: 'in', attribute, values: ['a', 'b'] }, 'k.created_by_id IN (?, ?)', ['a', 'b']],
    [{ op: 'in', attribute, values: [] }, 'FALSE', []],
    [{ op: 'nin', attribute, values: ['a'] }, '(k.created_by_id IS NULL OR k.created_by_id NOT IN (?))', ['a']],
    [{ op: 'nin', attribute, values: [] }, 'TRUE', []],
    [{ op: 'eq', attribute, value: true }, 'k.created_by_id = ?', [1]],
    [{ op: 'intersects', attribute: 'grantees(use)', values: [] }, 'FALSE', []],
    [{ op: 'not', condition: { op: 'eq', attribute, value: 'max' } }, '(k.created_by_id = ?) IS NOT TRUE', ['max']],
    [{ op: 'and', conditions: [] }, 'TRUE', []],
    [{ op: 'or', conditions: [] }, 'FALSE', []],
    [
      {
        op: 'or',
        conditions: [
          { op: 'eq', attribute, value: 'max' },
          { op: 'eq', attribute: 'accessLevel', value: 'TEAM' },
        ],
      },
      '(k.created_by_id = ? OR k.access_level = ?)',
      ['max', 'TEAM'],
    ],
  ];
  for (const [condition, sql, parameters] of comparisons) {
    it(`writes ${JSON.stringify(condition)} so that NULL decides as null does`, () => {
      expect(sqlOfCondition(condition)).to.deep.equal({ sql, parameters });
    });
  }

  it('keeps every value out of the text', () => {
    const { sql, parameters } = sqlOfCondition({ op: 'in', attribute, values: [`' OR 1 = 1 --`, '{row}'] });
    expect({ sql, parameters }).to.deep.equal({
      sql: 'k.created_by_id IN (?, ?)',
      parameters: [`' OR 1 = 1 --`, '{row}'],
    });
  });

  it('throws for an attribute without SQL, an unknown subject and an alias that is no plain name', () => {
    const condition: Access = { kind: 'condition', condition: { op: 'eq', attribute: 'id', value: 'max' } };
    expect(() => accessToSql(policies, 'Grantee', condition, 'g')).to.throw('The attribute Grantee.id has no SQL.');
    const managers: Access = { kind: 'membership', attribute: 'managers', values: ['max'] };
    expect(() => accessToSql(policies, 'AuditEvent', managers, 'e')).to.throw(
      'The attribute AuditEvent.managers has no SQL.',
    );
    expect(() => accessToSql(policies, 'Vault', condition, 'v')).to.throw(
      'The policy catalogue has no subject "Vault".',
    );
    expect(() => accessToSql(policies, 'SecretKey', condition, 'k; --')).to.throw(
      'A table alias must be a plain SQL name.',
    );
  });
});
