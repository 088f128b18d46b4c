/** What a use of a key costs: from the moment at which a run is accepted to the one at which its request arrives, one after the other. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { recordAudit } from '../../src/audit/audit-log.js';
import { newId, type OrganizationId, type RunId, type SecretKeyId, type StepId } from '../../src/ids.js';
import { ActiveRunEntity, RunEntity, RunStepEntity } from '../../src/modules/run/run.entity.js';
import { ask, quantile, type Target } from './load.js';
import { type BenchOrganization, fillOrganization } from './organization.js';
import type { Site } from './site.js';

const keyCount = 200;
const warmUp = 20;
const count = 200;
const value = 'not-a-real-secret-of-the-bench';

export interface Use {
  readonly name: string;
  /** p50 and p90, in terms of the p50 of what could not cost less. */
  readonly ratios: readonly [number, number];
  readonly milliseconds: readonly [number, number];
}

export async function measureUses(site: Site): Promise<Use[]> {
  const organization = await fillOrganization(site.services.database, site.services.writer, 'bench', keyCount);
  let arrive: (at: number) => void = () => undefined;
  const nextArrival = () => new Promise<number>((resolve) => (arrive = resolve));
  const target = createServer((request, response) => {
    arrive(performance.now());
    request.resume();
    response.end(request.headers.authorization === undefined || request.headers.authorization === value ? 'ok' : 'no');
  });
  await once(target.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = target.address() as AddressInfo;
    const host = `127.0.0.1:${port}`;
    const api = await site.startApi();
    await site.startRunner(host);
    const authorization = `Bearer ${await site.tokenFor(organization.subjects.admin)}`;
    const graphql = (query: string, input: object): Target => ({
      port: api.port,
      path: '/graphql',
      authorization,
      body: () => JSON.stringify({ query, variables: { input } }),
    });
    const workflowId = await workflowWithKey(graphql, `http://${host}`);
    const start = graphql('mutation ($input: RunWorkflowInput!) { runWorkflow(input: $input) { run { id } } }', {
      workflowId,
    });
    const bare: Target = { port, path: '/', authorization: value, body: () => '{}' };

    const times = { request: [] as number[], rows: [] as number[], asked: [] as number[], accepted: [] as number[] };
    for (let index = -warmUp; index < count; index += 1) {
      const received = nextArrival();
      const request = performance.now();
      await ask(bare);
      const requestTime = (await received) - request;
      const rows = performance.now();
      await writeSameRows(site, organization);
      const rowsTime = performance.now() - rows;

      const arrival = nextArrival();
      const asked = performance.now();
      const { id } = JSON.parse(await ask(start)).data.runWorkflow.run as { readonly id: RunId };
      const accepted = performance.now();
      const arrived = await arrival;
      await untilSucceeded(site, organization.id, id);
      if (index < 0) continue;
      times.request.push(requestTime);
      times.rows.push(rowsTime);
      times.asked.push(arrived - asked);
      // The runner may be quicker than the answer is on its way.
      times.accepted.push(Math.max(0, arrived - accepted));
    }
    return inTermsOf(times.request, times.rows, [
      ['a bare request', times.request],
      ['a transaction that writes the same rows', times.rows],
      ['run accepted, until its request arrives', times.accepted],
      ['run asked for, until its request arrives', times.asked],
    ]);
  } finally {
    target.closeAllConnections();
    target.close();
  }
}

function inTermsOf(
  request: readonly number[],
  rows: readonly number[],
  measured: readonly (readonly [string, readonly number[]])[],
): Use[] {
  const p = (times: readonly number[], share: number) =>
    quantile(
      times.toSorted((a, b) => a - b),
      share,
    );
  const least = p(request, 0.5) + p(rows, 0.5);
  return measured.map(([name, times]) => {
    const milliseconds = [p(times, 0.5), p(times, 0.9)] as const;
    return { name, milliseconds, ratios: [milliseconds[0] / least, milliseconds[1] / least] };
  });
}

/** A key that may go to `url`, and an active workflow that sends it there. */
async function workflowWithKey(graphql: (query: string, input: object) => Target, url: string): Promise<string> {
  const created = await ask(
    graphql('mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }', {
      name: 'Used',
      value,
      allowedHosts: [url],
    }),
  );
  const { id } = JSON.parse(created).data.createSecretKey.secretKey as { readonly id: SecretKeyId };
  const headers = [{ name: 'Authorization', value: `{{ secretKey:${id} }}` }];
  const workflow = await ask(
    graphql('mutation ($input: CreateWorkflowInput!) { createWorkflow(input: $input) { workflow { id } } }', {
      name: 'Use',
      activate: true,
      steps: [{ sendApiRequest: { name: 'send', method: 'GET', url: `${url}/`, headers } }],
    }),
  );
  return JSON.parse(workflow).data.createWorkflow.workflow.id;
}

/** The rows of a run up to its request, and its two records in the audit log. No runner ever sees them. */
function writeSameRows({ services }: Site, { id: organizationId, adminId }: BenchOrganization): Promise<void> {
  const [runId, stepId, now] = [newId<RunId>(), newId<StepId>(), Date.now()];
  return services.database.transaction(async (tx) => {
    await tx.manager.insert(RunEntity, {
      organizationId,
      id: runId,
      kind: 'TEST',
      state: 'SUCCEEDED',
      workflowId: null,
      workflowVersion: null,
      steps: null,
      input: '{}',
      startedById: adminId,
      queuedAt: now,
      signature: Buffer.alloc(64),
      revision: 1,
    });
    const step = { organizationId, runId, position: 0, stepId, name: 'send', type: 'SEND_API_REQUEST' as const };
    await tx.manager.insert(RunStepEntity, { ...step, state: 'PENDING' });
    await tx.manager.insert(ActiveRunEntity, { organizationId, runId, leaseUntil: 0 });
    await tx.manager.update(ActiveRunEntity, { organizationId, runId }, { leaseUntil: now });
    await tx.manager.update(RunEntity, { organizationId, id: runId }, { revision: 2 });
    await tx.manager.update(RunStepEntity, { organizationId, runId, position: 0 }, { state: 'RUNNING' });
    await tx.manager.delete(ActiveRunEntity, { organizationId, runId });
    const actor = { organizationId, principal: null, requestId: runId, now, logsDecisions: false };
    for (const type of ['workflow.runStarted', 'secretKey.used']) {
      await recordAudit(tx, actor, { type, subject: { type: 'WorkflowRun', id: runId, name: 'Use' }, details: {} });
    }
  });
}

async function untilSucceeded({ services }: Site, organizationId: OrganizationId, id: RunId): Promise<void> {
  for (;;) {
    const run = await services.database.read(RunEntity, { organizationId, id });
    if (run?.state === 'SUCCEEDED') return;
    if (run?.state === 'FAILED') throw new Error(`the run failed: ${run.error}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
