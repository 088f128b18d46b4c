/** Runs as the API shows them. Everything that came out of a step was redacted before it was stored. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime } from '../../graphql/scalars.js';
import type { StepType as Type } from '../workflow/step-definition.js';
import { StepType } from '../workflow/workflow.enums.js';
import type { RunKind, RunState, RunStepState } from './run.entity.js';
import {
  RedactionOrigin,
  RedactionPlace,
  WorkflowRunErrorCode,
  WorkflowRunKind,
  WorkflowRunLogLevel,
  WorkflowRunState,
  WorkflowRunStepState,
} from './run.enums.js';
import { type RunRecord, type RunStepRecord, runSubject } from './run.record.js';
import type { RunCountRecord } from './run-counts.js';
import type { RunError, RunErrorCode, RunLogLine, RunRedaction } from './run-result.js';

@ObjectType({ description: 'Why a step, or a whole run, did not succeed.', simpleResolvers: true })
@GovernedBy('WorkflowRunError')
export class WorkflowRunError extends Governed {
  readonly secretKeyId: RunError['secretKeyId'];

  @Field(() => WorkflowRunErrorCode, { description: 'For programs.' })
  readonly code: RunErrorCode;
  @Field(() => String, {
    nullable: true,
    description: 'For people; null for those who may not see the results of the run.',
  })
  readonly message: string;
  @Field(() => String, {
    nullable: true,
    description:
      'The field of the step, such as `headers[0].value`; null when it is about no field, or not for the caller.',
  })
  readonly field: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'The line of the code, from 1; null when it is about no line, or not for the caller.',
  })
  readonly line: number | null;

  constructor(run: RunRecord, error: RunError) {
    super(runSubject(run, 'WorkflowRunError'));
    this.secretKeyId = error.secretKeyId;
    this.code = error.code;
    this.message = error.message;
    this.field = error.field;
    this.line = error.line;
  }
}

@ObjectType({ description: 'A line that code wrote.', simpleResolvers: true })
@GovernedBy('WorkflowRunStep', { field: 'logs' })
export class WorkflowRunLogLine extends Governed {
  @Field(() => WorkflowRunLogLevel, { description: 'Under which method of `console`.' })
  readonly level: RunLogLine['level'];
  @Field(() => String, { description: 'What was written.' })
  readonly text: string;

  constructor(step: Governed, line: RunLogLine) {
    super(step);
    this.level = line.level;
    this.text = line.text;
  }
}

@ObjectType({
  description: 'A value came back and was masked. The manager of a key wants to know where it does.',
  simpleResolvers: true,
})
@GovernedBy('WorkflowRunRedaction')
export class WorkflowRunRedaction extends Governed {
  readonly secretKeyId: RunRedaction['secretKeyId'];

  @Field(() => RedactionOrigin, { description: 'What came back.' })
  readonly origin: RunRedaction['origin'];
  @Field(() => RedactionPlace, { description: 'What it came back in.' })
  readonly place: RunRedaction['place'];
  @Field(() => String, {
    nullable: true,
    description:
      'Where in it: a JSON path, the number of a log line, the name of a header; null for those who may not see the results of the run.',
  })
  readonly at: string;
  @Field(() => String, { description: 'How it was written, such as `raw`, `base64` or `percent`.' })
  readonly encoding: string;
  @Field(() => Int, { description: 'How often.' })
  readonly count: number;

  constructor(run: RunRecord, redaction: RunRedaction) {
    super(runSubject(run, 'WorkflowRunRedaction'));
    this.secretKeyId = redaction.secretKeyId;
    this.origin = redaction.origin;
    this.place = redaction.place;
    this.at = redaction.at;
    this.encoding = redaction.encoding;
    this.count = redaction.count;
  }
}

@ObjectType({ description: 'A step of a run.', simpleResolvers: true })
@GovernedBy('WorkflowRunStep')
export class WorkflowRunStep extends Governed {
  readonly run: RunRecord;
  readonly record: RunStepRecord;

  @Field(() => ID, { description: 'Its own in each run. The name tells which step of the workflow it was.' })
  readonly id: string;
  @Field(() => String, { description: 'How later steps refer to its output.' })
  readonly name: string;
  @Field(() => StepType, { description: 'What it does.' })
  readonly type: Type;
  @Field(() => WorkflowRunStepState, { description: 'How far it is.' })
  readonly state: RunStepState;
  @Field(() => DateTime, { nullable: true, description: 'When it started; null when it has not.' })
  readonly startedAt: number | null;
  @Field(() => DateTime, { nullable: true, description: 'When it ended; null when it has not, or was never started.' })
  readonly finishedAt: number | null;
  @Field(() => Int, { nullable: true, description: 'From start to end in milliseconds; null before its end.' })
  readonly durationMs: number | null;
  @Field(() => WorkflowRunError, { nullable: true, description: 'Why it did not succeed; null when it did.' })
  readonly error: WorkflowRunError | null;
  @Field(() => [WorkflowRunRedaction], { description: 'Where values came back and were masked.' })
  readonly receipt: readonly WorkflowRunRedaction[];

  constructor(run: RunRecord, record: RunStepRecord) {
    super(runSubject(run, 'WorkflowRunStep'));
    this.run = run;
    this.record = record;
    this.id = `${record.runId}/${record.stepId}`;
    this.name = record.name;
    this.type = record.type;
    this.state = record.state;
    this.startedAt = record.startedAt;
    this.finishedAt = record.finishedAt;
    this.durationMs = durationOf(record);
    this.error = record.error && new WorkflowRunError(run, record.error);
    this.receipt = record.receipt.map((redaction) => new WorkflowRunRedaction(run, redaction));
  }
}

@ObjectType({ description: 'A run of a workflow, or of one step that had not been saved.', simpleResolvers: true })
@GovernedBy('WorkflowRun')
export class WorkflowRun extends Governed {
  readonly record: RunRecord;

  @Field(() => ID, { description: 'Its id. Later runs have greater ones.' })
  readonly id: string;
  @Field(() => WorkflowRunKind, { description: 'What is run.' })
  readonly kind: RunKind;
  @Field(() => WorkflowRunState, { description: 'How far it is.' })
  readonly state: RunState;
  @Field(() => Int, { description: 'Grows with every change of the run or of one of its steps.' })
  readonly revision: number;
  @Field(() => Int, {
    nullable: true,
    description: 'The version of the workflow whose steps are run; null for a test.',
  })
  readonly workflowVersion: number | null;
  @Field(() => DateTime, { description: 'When it was asked for.' })
  readonly queuedAt: number;
  @Field(() => DateTime, { nullable: true, description: 'When a runner took it; null when none has.' })
  readonly startedAt: number | null;
  @Field(() => DateTime, { nullable: true, description: 'When it ended; null when it has not.' })
  readonly finishedAt: number | null;
  @Field(() => Int, { nullable: true, description: 'From start to end in milliseconds; null before its end.' })
  readonly durationMs: number | null;
  @Field(() => WorkflowRunError, { nullable: true, description: 'Why it did not succeed; null when it did.' })
  readonly error: WorkflowRunError | null;
  @Field(() => Int, { description: 'How many steps it has.' })
  readonly stepCount: number;

  constructor(record: RunRecord) {
    super(runSubject(record));
    this.record = record;
    this.id = record.id;
    this.kind = record.kind;
    this.state = record.state;
    this.revision = record.revision;
    this.workflowVersion = record.workflowVersion;
    this.queuedAt = record.queuedAt;
    this.startedAt = record.startedAt;
    this.finishedAt = record.finishedAt;
    this.durationMs = durationOf(record);
    this.error = record.error && new WorkflowRunError(record, record.error);
    this.stepCount = record.stepCount;
  }
}

const durationOf = ({ startedAt, finishedAt }: Pick<RunRecord, 'startedAt' | 'finishedAt'>): number | null =>
  startedAt === null || finishedAt === null ? null : Math.max(0, finishedAt - startedAt);

@ObjectType({ description: 'How many runs of a workflow ended on a day in a state.', simpleResolvers: true })
@GovernedBy('Workflow', { field: 'runCounts' })
export class WorkflowRunCount extends Governed {
  @Field(() => DateTime, { description: 'The first instant of the day, in UTC.' })
  readonly day: number;
  @Field(() => WorkflowRunState, { description: 'How they ended.' })
  readonly state: RunState;
  @Field(() => Int, { description: 'How many: those that are there, and those whose retention time is over.' })
  readonly count: number;

  constructor(workflow: Governed, { day, state, count }: RunCountRecord) {
    super(workflow);
    this.day = day;
    this.state = state;
    this.count = count;
  }
}

export const WorkflowRunConnection = connectionOf('WorkflowRun', () => WorkflowRun, 'runs, the latest first');

function payload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => WorkflowRun, { description: 'The run as it is now.' })
    readonly run: WorkflowRun;

    constructor(run: RunRecord) {
      super();
      this.run = new WorkflowRun(run);
    }
  }
  return Payload;
}

export const RunWorkflowPayload = payload('RunWorkflowPayload', 'A run of a workflow was asked for.');
export const TestActionPayload = payload('TestActionPayload', 'A test of a step was asked for.');
export const CancelRunPayload = payload('CancelRunPayload', 'A run was cancelled, or is about to be.');
