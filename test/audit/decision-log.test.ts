import { expect } from 'chai';
import { recordAudit } from '../../src/audit/audit-log.js';
import { logDecision, purgeDecisions, readDecisions } from '../../src/audit/decision-log.js';
import { DeniedDecisions } from '../../src/audit/denied-decisions.js';
import { type Decision, type LoggedDecision, loadPolicies } from '../../src/authz/index.js';
import type { Database } from '../../src/database/database.js';
import { ApiError } from '../../src/errors.js';
import { must, mustCreate } from '../../src/graphql/context.js';
import { createContext } from '../../src/graphql/create-context.js';
import { newId, type OrganizationId } from '../../src/ids.js';
import { createLogger } from '../../src/log.js';
import { principalsOf } from '../../src/modules/organization/principals-of.js';
import { type Client, clock, newTeam, startTestApi, type Team } from '../support/api.js';
import { createKey, deleteKey, fakeValue } from '../support/secret-keys.js';

const rename = 'mutation ($input: RenameSecretKeyInput!) { renameSecretKey(input: $input) { secretKey { id } } }';
const policies = loadPolicies('policies');

let team: Team;
let database: Database;
beforeEach(async () => {
  team = await newTeam();
  database = team.api.services.database;
});

async function logged(organizationId: OrganizationId = team.organizationId): Promise<readonly LoggedDecision[]> {
  const decisions: LoggedDecision[] = [];
  for await (const page of readDecisions(database)) decisions.push(...page);
  return decisions.filter(({ principal }) => principal.organizationId === organizationId);
}

const log = createLogger({ level: 'silent', pretty: false });
const flush = async () => team.api.services.deniedDecisions?.flush(database, log);

/** A decision of the rules about someone of the team. */
async function decisionOf(client: Client, action: string, users: readonly string[]): Promise<Decision> {
  const [principal] = await principalsOf(database, team.api.services.writer.verifier, team.organizationId, [client.id]);
  if (principal === undefined) throw new Error('nobody active has this id');
  const attributes = { organizationId: team.organizationId, 'grantees(use)': users, 'grantees(manage)': users };
  return policies.authorize(principal).decide(action, { type: 'SecretKey', attributes });
}

describe('the decision log', () => {
  it('has the decision of a change, under the id of its audit record, with what the rules read and no more', async () => {
    const id = await createKey(team.bob, {
      name: 'Stripe',
      grants: [{ granteeId: team.platform, permission: 'MANAGE' }],
    });
    await team.carol.data(rename, { input: { id, name: 'Stripe live' } });
    const events = await database.query(
      "SELECT id, occurred_at FROM audit_event WHERE organization_id = ? AND type LIKE 'secretKey.%' ORDER BY sequence",
      [team.organizationId],
    );
    const { organizationId } = team;
    const person = { kind: 'PERSON', organizationId, role: 'MEMBER', permissionSets: [] } as const;
    const common = { subjectType: 'SecretKey', field: null, effect: 'allow', policyVersion: policies.version } as const;
    expect(await logged()).to.deep.equal([
      {
        ...common,
        id: events[0]?.id,
        occurredAt: Number(events[0]?.occurred_at),
        action: 'create',
        ruleId: 'secret-key/create',
        principal: { ...person, id: team.bob.id },
        attributes: { organizationId },
      },
      {
        ...common,
        id: events[1]?.id,
        occurredAt: Number(events[1]?.occurred_at),
        action: 'rename',
        ruleId: 'secret-key/manage-by-grant',
        principal: { ...person, id: team.carol.id, granteeIds: [team.carol.id, team.platform, organizationId] },
        attributes: { organizationId, 'grantees(manage)': [team.platform] },
      },
    ]);
  });

  it('never holds a value or a name', async () => {
    const value = fakeValue();
    await createKey(team.bob, { name: 'Canary of the log', value });
    const rows = await database.query('SELECT * FROM decision_log WHERE organization_id = ?', [team.organizationId]);
    expect(rows).to.have.length(1);
    expect(JSON.stringify(rows)).not.to.contain(value).and.not.to.contain('Canary').and.not.to.contain('Bob');
  });

  it('has one row for a decision that several audit records tell of', async () => {
    for (const name of ['One', 'Two']) {
      await createKey(team.bob, { name, grants: [{ granteeId: team.growth, permission: 'USE' }] });
    }
    await team.alice.data('mutation ($input: DeleteGroupInput!) { deleteGroup(input: $input) { deletedId } }', {
      input: { id: team.growth },
    });
    expect((await logged()).map(({ action, subjectType }) => `${action} ${subjectType}`)).to.deep.equal([
      'create SecretKey',
      'create SecretKey',
      'delete Group',
    ]);
  });

  it('has nothing of a change that was not committed', async () => {
    const decision = await decisionOf(team.bob, 'delete', [team.bob.id]);
    const actor = { organizationId: team.organizationId, principal: null, requestId: 'test', now: clock.now() };
    const subject = { type: 'SecretKey', id: newId<string>(), name: 'Key' } as const;
    const undone = database.transaction(async (tx) => {
      await recordAudit(tx, actor, { type: 'test.happened', subject, decision });
      throw new Error('undone');
    });
    expect(await undone.catch((error: Error) => error.message)).to.equal('undone');
    expect(await logged()).to.deep.equal([]);
    await database.transaction((tx) => recordAudit(tx, actor, { type: 'test.happened', subject, decision }));
    expect(await logged()).to.have.length(1);
  });

  it('has the denied change of an object that the caller sees, once for the same question, after a moment', async () => {
    const id = await createKey(team.bob, { level: 'TEAM' });
    for (let times = 0; times < 3; times += 1) {
      expect(await team.carol.refusal(rename, { input: { id, name: 'Mine' } })).to.deep.equal({ code: 'FORBIDDEN' });
    }
    await flush();
    const [, denied, ...others] = await logged();
    expect(others).to.deep.equal([]);
    expect(denied).to.deep.include({
      action: 'rename',
      effect: 'deny',
      ruleId: null,
      attributes: { organizationId: team.organizationId, 'grantees(manage)': [] },
    });
  });

  it('has a denied create', async () => {
    const [principal] = await principalsOf(database, team.api.services.writer.verifier, team.organizationId, [
      team.dave.id,
    ]);
    if (principal === undefined) throw new Error('nobody active has this id');
    const ctx = createContext(team.api.services, { principal, requestId: 'test', idempotencyKey: undefined, log });
    const { organizationId } = team;
    expect(() => mustCreate(ctx, { type: 'SecretKey', attributes: { organizationId } })).to.throw(ApiError);
    await flush();
    const decisions = await logged();
    expect(decisions.map(({ id: _, occurredAt: __, ...asked }) => asked)).to.deep.equal([
      {
        action: 'create',
        subjectType: 'SecretKey',
        field: null,
        principal: { kind: 'PERSON', id: team.dave.id, organizationId, role: 'AUDITOR', permissionSets: [] },
        attributes: { organizationId },
        effect: 'deny',
        ruleId: 'secret-key/auditor-changes-nothing',
        policyVersion: policies.version,
      },
    ]);
  });

  it('has no denied read', async () => {
    const [principal] = await principalsOf(database, team.api.services.writer.verifier, team.organizationId, [
      team.bob.id,
    ]);
    if (principal === undefined) throw new Error('nobody active has this id');
    const ctx = createContext(team.api.services, { principal, requestId: 'test', idempotencyKey: undefined, log });
    const attributes = { organizationId: team.organizationId, 'grantees(use)': [], 'grantees(manage)': [] };
    expect(() => must(ctx, 'read', { type: 'SecretKey', attributes })).to.throw(ApiError);
    await flush();
    expect(await logged()).to.deep.equal([]);
  });

  it('reads many decisions page by page, each once and in the order of their ids', async () => {
    const decision = await decisionOf(team.bob, 'use', [team.growth]);
    const ids = Array.from({ length: 4_500 }, (_, count) => newId<string>(1_000_000 + count));
    for (let from = 0; from < ids.length; from += 500) {
      await database.transaction(async (tx) => {
        for (const id of ids.slice(from, from + 500)) {
          await logDecision(tx, id, 1, Object.assign(Object.create(decision), { question: () => decision.question() }));
        }
      });
    }
    expect((await logged()).map(({ id }) => id)).to.deep.equal(ids);
  });

  it('forgets what is older than the days it is told, of every organization, and keeps the rest', async () => {
    const day = 24 * 60 * 60 * 1000;
    const now = clock.now();
    const decisions = [await decisionOf(team.bob, 'use', []), await decisionOf(team.carol, 'use', [])];
    await database.transaction(async (tx) => {
      for (const [index, decision] of decisions.entries()) {
        await logDecision(tx, newId(now + index), index === 0 ? now - 3 * day : now - day, decision);
      }
    });
    expect(await purgeDecisions(database, 3, now)).to.be.greaterThan(0);
    expect((await logged()).map(({ principal }) => principal.id)).to.deep.equal([team.carol.id]);
    expect(await purgeDecisions(database, 0, now - day)).to.be.greaterThan(0);
    expect(await logged()).to.deep.equal([]);
  });
});

describe('the decision log that is switched off', () => {
  it('has neither allowed nor denied decisions, and every change is in the audit log all the same', async () => {
    const api = await startTestApi({ decisionLogDays: 0 });
    try {
      team = await newTeam(api);
      database = api.services.database;
      const id = await createKey(team.bob, { level: 'TEAM' });
      expect(await team.carol.refusal(rename, { input: { id, name: 'Mine' } })).to.deep.equal({ code: 'FORBIDDEN' });
      await deleteKey(team.bob, id);
      expect(api.services.deniedDecisions).to.equal(undefined);
      expect(await logged()).to.deep.equal([]);
      const events = await database.query('SELECT type FROM audit_event WHERE subject_id = ? ORDER BY sequence', [id]);
      expect(events.map(({ type }) => type)).to.deep.equal(['secretKey.created', 'secretKey.deleted']);
    } finally {
      await api.close();
    }
  });
});

describe('denied changes on their way to the log', () => {
  const lines: { readonly level: string; readonly msg: string; readonly decisions: number }[] = [];
  const noisy = createLogger({
    level: 'info',
    pretty: false,
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  });
  beforeEach(() => lines.splice(0));

  it('are kept up to a bound for each principal and for all; beyond it they are counted, and the log says so', async () => {
    const denied = new DeniedDecisions();
    const decision = await decisionOf(team.bob, 'use', []);
    const asked = (id: string, count: number): Decision => {
      const question = decision.question();
      const principal = { ...question.principal, id: id as typeof question.principal.id };
      const attributes = { ...question.attributes, accessLevel: `level ${count}` };
      return { ...decision, question: () => ({ ...question, principal, attributes }) };
    };
    for (let count = 0; count < 25; count += 1) denied.add(asked(team.bob.id, count), 1);
    await denied.flush(database, noisy);
    expect(await logged()).to.have.length(20);
    for (let count = 0; count < 1_010; count += 1) denied.add(asked(newId(), count), 1);
    await denied.flush(database, noisy);
    expect(await logged()).to.have.length(1_020);
    await denied.flush(database, noisy);
    const warning = 'more changes were denied than the decision log takes at once';
    expect(lines.map(({ level, msg, decisions }) => ({ level, msg, decisions }))).to.deep.equal([
      { level: 'warn', msg: warning, decisions: 5 },
      { level: 'warn', msg: warning, decisions: 10 },
    ]);
  });

  it('are lost when they cannot be written, and the log says so', async () => {
    const denied = new DeniedDecisions();
    denied.add(await decisionOf(team.bob, 'use', []), 1);
    const broken = { transaction: () => Promise.reject(new Error('no database')) } as unknown as Database;
    await denied.flush(broken, noisy);
    expect(lines.map(({ level, msg, decisions }) => ({ level, msg, decisions }))).to.deep.equal([
      { level: 'error', msg: 'denied changes were not logged', decisions: 1 },
    ]);
    await denied.flush(database, noisy);
    expect(await logged()).to.deep.equal([]);
  });
});
