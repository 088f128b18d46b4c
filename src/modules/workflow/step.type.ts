/** Steps of workflows as the API shows them: templates are text again, and a key in one is its id. */
import { Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import { Governed, GovernedBy } from '../../graphql/guard.js';
import { Grantee } from '../organization/grantee.type.js';
import type { GranteeRecord } from '../secret-key/secret-key.record.js';
import { printJsonTemplate } from './json-template-text.js';
import type {
  RequestBody as Body,
  RequestMethod as Method,
  NamedTemplate as Named,
  RunCodeStep,
  SendApiRequestStep,
  StepDefinition,
  StepType as Type,
} from './step-definition.js';
import { printTemplate } from './template-text.js';
import { RequestMethod, StepType } from './workflow.enums.js';
import { type WorkflowRecord, workflowSubject } from './workflow.record.js';

@InterfaceType({ description: 'A step of a workflow.' })
export abstract class WorkflowStep extends Governed {
  @Field(() => ID, { description: 'Stays with the step when it is changed or moved.' })
  readonly id: string;
  @Field(() => String, { description: 'How later steps refer to its output.' })
  readonly name: string;
  @Field(() => StepType, { description: 'What it does.' })
  readonly type: Type;
  @Field(() => Grantee, {
    nullable: true,
    description:
      'Who last changed the step. They answer for the keys in it, and for those of the steps whose outputs it reads: the step runs only as long as they may use them.',
  })
  readonly editedBy: Grantee | null;
  @Field(() => Int, { description: 'How long it may take, in seconds.' })
  readonly timeoutSeconds: number;

  constructor(workflow: WorkflowRecord, step: StepDefinition, editor: GranteeRecord | null) {
    super(workflowSubject(workflow));
    this.id = step.id;
    this.name = step.name;
    this.type = step.type;
    this.editedBy = editor && new Grantee(workflow.organizationId, editor);
    this.timeoutSeconds = step.timeoutSeconds;
  }
}

@ObjectType({ description: 'A name with a template.' })
@GovernedBy('Workflow', { field: 'steps' })
export class NamedTemplate extends Governed {
  @Field(() => String, { description: 'The name.' })
  readonly name: string;
  @Field(() => String, { description: 'The template as text.' })
  readonly value: string;

  constructor(step: Governed, named: Named) {
    super(step);
    this.name = named.name;
    this.value = printTemplate(named.value);
  }
}

@ObjectType({ description: 'A user name and a password, sent as an Authorization header.' })
@GovernedBy('Workflow', { field: 'steps' })
export class BasicAuth extends Governed {
  @Field(() => String, { description: 'A template as text.' })
  readonly username: string;
  @Field(() => String, { description: 'A template as text.' })
  readonly password: string;

  constructor(step: Governed, basicAuth: NonNullable<SendApiRequestStep['basicAuth']>) {
    super(step);
    this.username = printTemplate(basicAuth.username);
    this.password = printTemplate(basicAuth.password);
  }
}

@ObjectType({ description: 'The body of a request: one of `json`, `form` and `text`.' })
@GovernedBy('Workflow', { field: 'steps' })
export class RequestBody extends Governed {
  @Field(() => String, { nullable: true, description: 'JSON whose strings are templates, indented by two.' })
  readonly json: string | null;
  @Field(() => [NamedTemplate], { nullable: true, description: 'Fields of a form.' })
  readonly form: readonly NamedTemplate[] | null;
  @Field(() => String, { nullable: true, description: 'A template as text.' })
  readonly text: string | null;
  @Field(() => String, { nullable: true, description: 'Of `text`.' })
  readonly contentType: string | null;

  constructor(step: Governed, body: Exclude<Body, { readonly kind: 'none' }>) {
    super(step);
    this.json = body.kind === 'json' ? printJsonTemplate(body.json) : null;
    this.form = body.kind === 'form' ? body.fields.map((field) => new NamedTemplate(step, field)) : null;
    this.text = body.kind === 'text' ? printTemplate(body.text) : null;
    this.contentType = body.kind === 'text' ? body.contentType : null;
  }
}

@ObjectType({ implements: WorkflowStep, description: 'A step that sends an HTTP request.' })
@GovernedBy('Workflow', { field: 'steps' })
export class SendApiRequestAction extends WorkflowStep {
  @Field(() => RequestMethod, { description: 'The method.' })
  readonly method: Method;
  @Field(() => String, { description: 'A template as text.' })
  readonly url: string;
  @Field(() => [NamedTemplate], { description: 'Query parameters, put after those of the URL.' })
  readonly query: readonly NamedTemplate[];
  @Field(() => [NamedTemplate], { description: 'Headers.' })
  readonly headers: readonly NamedTemplate[];
  @Field(() => BasicAuth, { nullable: true, description: 'Basic authentication; null when there is none.' })
  readonly basicAuth: BasicAuth | null;
  @Field(() => RequestBody, { nullable: true, description: 'The body; null when there is none.' })
  readonly body: RequestBody | null;
  @Field(() => [Int], {
    nullable: true,
    description: 'Statuses with which the step succeeds; null for 200 to 299.',
  })
  readonly expectStatus: readonly number[] | null;

  constructor(workflow: WorkflowRecord, step: SendApiRequestStep, editor: GranteeRecord | null) {
    super(workflow, step, editor);
    this.method = step.method;
    this.url = printTemplate(step.url);
    this.query = step.query.map((parameter) => new NamedTemplate(this, parameter));
    this.headers = step.headers.map((header) => new NamedTemplate(this, header));
    this.basicAuth = step.basicAuth && new BasicAuth(this, step.basicAuth);
    this.body = step.body.kind === 'none' ? null : new RequestBody(this, step.body);
    this.expectStatus = step.expectStatus;
  }
}

@ObjectType({ implements: WorkflowStep, description: 'A step that runs JavaScript.' })
@GovernedBy('Workflow', { field: 'steps' })
export class RunCodeAction extends WorkflowStep {
  @Field(() => String, { description: 'The code.' })
  readonly code: string;
  @Field(() => [NamedTemplate], { description: 'Constants of the code.' })
  readonly variables: readonly NamedTemplate[];

  constructor(workflow: WorkflowRecord, step: RunCodeStep, editor: GranteeRecord | null) {
    super(workflow, step, editor);
    this.code = step.code;
    this.variables = step.variables.map((variable) => new NamedTemplate(this, variable));
  }
}

export const workflowStep = (
  workflow: WorkflowRecord,
  step: StepDefinition,
  editor: GranteeRecord | null,
): SendApiRequestAction | RunCodeAction =>
  step.type === 'RUN_CODE'
    ? new RunCodeAction(workflow, step, editor)
    : new SendApiRequestAction(workflow, step, editor);
