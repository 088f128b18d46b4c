/** What a run shows beside its own row: read only when it is asked for, one statement for a page. */
import type { RequestContext } from '../../graphql/context.js';
import { Grantee } from '../organization/grantee.type.js';
import { workflowSubject } from '../workflow/workflow.record.js';
import { Workflow } from '../workflow/workflow.type.js';
import { type WorkflowRun, WorkflowRunLogLine, WorkflowRunStep } from './run.type.js';
import type { JsonValue, RunInput } from './run-input.js';
import type { RunLogLine } from './run-result.js';

/** Null when it was deleted, when the caller may not see it, and for a test of a step that is in none. */
export async function runWorkflowOf(ctx: RequestContext, { record }: WorkflowRun): Promise<Workflow | null> {
  const workflow = record.workflowId === null ? null : await ctx.loaders.workflows.load(record.workflowId);
  return workflow !== null && ctx.authz.can('read', workflowSubject(workflow)) ? new Workflow(workflow) : null;
}

export async function runStarter(ctx: RequestContext, { record }: WorkflowRun): Promise<Grantee | null> {
  const grantee = await ctx.loaders.grantees.load(record.startedById);
  return grantee && new Grantee(record.organizationId, grantee);
}

export async function runInput(ctx: RequestContext, { record }: WorkflowRun): Promise<JsonValue> {
  const { sizesOfRun, inputOfRun, resultAllowance } = ctx.loaders;
  resultAllowance.takeBytes((await sizesOfRun.load(record)).input);
  return parsed<RunInput>(ctx, await inputOfRun.load(record))?.input ?? null;
}

/** Those of the names, or all. */
export async function runSteps(
  ctx: RequestContext,
  { record }: WorkflowRun,
  names?: readonly string[] | null,
): Promise<WorkflowRunStep[]> {
  const steps = await ctx.loaders.stepsOfRun.load(record);
  const asked = names && new Set(names);
  return steps.filter(({ name }) => asked?.has(name) ?? true).map((step) => new WorkflowRunStep(record, step));
}

export async function stepOutput(ctx: RequestContext, { run, record }: WorkflowRunStep): Promise<JsonValue> {
  const { sizesOfRun, outputOfStep, resultAllowance } = ctx.loaders;
  const { position } = record;
  resultAllowance.takeBytes((await sizesOfRun.load(run)).outputs.get(position) ?? 0);
  return parsed<JsonValue>(ctx, await outputOfStep.load({ run, position }));
}

export async function stepLogs(ctx: RequestContext, step: WorkflowRunStep): Promise<WorkflowRunLogLine[]> {
  const { sizesOfRun, logsOfStep, resultAllowance } = ctx.loaders;
  const { run, record } = step;
  const { position } = record;
  resultAllowance.takeBytes((await sizesOfRun.load(run)).logs.get(position) ?? 0);
  const lines = parsed<RunLogLine[]>(ctx, await logsOfStep.load({ run, position })) ?? [];
  return lines.map((line) => new WorkflowRunLogLine(step, line));
}

function parsed<Stored>(ctx: RequestContext, text: string | null): Stored | null {
  if (text === null) return null;
  ctx.loaders.resultAllowance.takeParts(text);
  return JSON.parse(text) as Stored;
}
