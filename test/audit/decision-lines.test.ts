import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DecisionLineError, decisionLine, readDecisionLines } from '../../src/audit/decision-lines.js';
import { type LoggedDecision, loadPolicies } from '../../src/authz/index.js';
import { member } from '../authz/policy-folder.js';

const policies = loadPolicies('policies');
const subject = { type: 'SecretKey', attributes: { organizationId: 'acme', 'grantees(use)': ['ops'] } };
const decision: LoggedDecision = {
  ...policies.authorize(member).decide('use', subject).question(),
  id: 'decision-1',
  occurredAt: 1_000,
  effect: 'allow',
  ruleId: 'secret-key/use-by-grant',
  policyVersion: policies.version,
};

describe('logged decisions as lines', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nightsafe-lines-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function read(text: string): Promise<readonly (readonly LoggedDecision[])[]> {
    const file = join(folder, 'decisions.jsonl');
    writeFileSync(file, text);
    const pages: (readonly LoggedDecision[])[] = [];
    for await (const page of readDecisionLines(file)) pages.push(page);
    return pages;
  }

  it('come back as they were written, page by page', async () => {
    const decisions = Array.from({ length: 2_001 }, (_, count) => ({ ...decision, id: `decision-${count}` }));
    expect(await read(decisions.map(decisionLine).join(''))).to.deep.equal([
      decisions.slice(0, 2_000),
      decisions.slice(2_000),
    ]);
  });

  it('may have empty lines between them and other ends of lines', async () => {
    expect(await read(`\r\n${decisionLine(decision).trimEnd()}\r\n\n`)).to.deep.equal([[decision]]);
    expect(await read('')).to.deep.equal([]);
  });

  const { principal } = decision;
  const wrong: [string, unknown][] = [
    ['a text', 'canary-of-a-line'],
    ['a list', [decision]],
    ['nothing', null],
    ['another effect', { ...decision, effect: 'maybe' }],
    ['no action', { ...decision, action: undefined }],
    ['no field', { ...decision, field: undefined }],
    ['an instant that is no number', { ...decision, occurredAt: '1000' }],
    ['no principal', { ...decision, principal: null }],
    ['an unknown role', { ...decision, principal: { ...principal, role: 'OWNER' } }],
    ['a service account with a role', { ...decision, principal: { ...principal, kind: 'SERVICE_ACCOUNT' } }],
    ['grantees that are no list of texts', { ...decision, principal: { ...principal, granteeIds: [7] } }],
    ['attributes that are no map', { ...decision, attributes: [] }],
    ['an attribute that is an object', { ...decision, attributes: { organizationId: {} } }],
  ];
  for (const [what, line] of wrong) {
    it(`are refused by number, and not repeated, when one is ${what}`, async () => {
      const error = await read(`${decisionLine(decision)}${JSON.stringify(line)}\n`).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(DecisionLineError);
      expect(String(error)).to.equal('DecisionLineError: line 2 is no logged decision');
    });
  }

  it('are refused by number when one is no JSON', async () => {
    expect(String(await read('{"id":').catch((thrown: unknown) => thrown))).to.equal(
      'DecisionLineError: line 1 is no logged decision',
    );
  });
});
