/** Steps of workflows as they come in. Their contents are checked when they are read, field by field. */
import { Field, ID, InputType, Int } from 'type-graphql';
import type { RequestMethod as Method } from './step-definition.js';
import { RequestMethod } from './workflow.enums.js';

@InputType({ description: 'A name with a template.' })
export class NamedTemplateInput {
  @Field({ description: 'Plain text: a name holds no references.' })
  name!: string;
  @Field({ description: 'A template.' })
  value!: string;
}

@InputType({ description: 'A user name and a password, sent as an Authorization header (RFC 7617).' })
export class BasicAuthInput {
  @Field({ description: 'A template. At most 1 KiB.' })
  username!: string;
  @Field({ description: 'A template, which is for a key. At most 1 KiB.' })
  password!: string;
}

@InputType({ description: 'The body of a request: exactly one of `json`, `form` and `text`.' })
export class RequestBodyInput {
  @Field(() => String, {
    nullable: true,
    description:
      'JSON, of which every string is a template. A string that is one reference to an output or the input and nothing else becomes what it refers to, with its own JSON type. At most 64 KiB.',
  })
  json?: string | null;
  @Field(() => [NamedTemplateInput], { nullable: true, description: 'Fields of a form, URL-encoded. At most 100.' })
  form?: NamedTemplateInput[] | null;
  @Field(() => String, { nullable: true, description: 'A template. At most 64 KiB.' })
  text?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Of `text` alone; `text/plain; charset=utf-8` when omitted.',
  })
  contentType?: string | null;
}

@InputType({
  description:
    'A step that sends an HTTP request. Templates are text with references: `{{ secretKey:ID }}`, `{{ steps.NAME.path[0] }}`, `{{ input.path["any name"] }}`; `\\{{` is two braces.',
})
export class SendApiRequestActionInput {
  @Field({ description: 'How later steps refer to its output: letters, digits and _, unique in the workflow.' })
  name!: string;
  @Field(() => ID, { nullable: true, description: 'The step that this is, when it is in the workflow already.' })
  id?: string | null;
  @Field(() => RequestMethod, { description: 'The method.' })
  method!: Method;
  @Field({
    description: 'A template. A key may stand in the path and in the value of a query parameter. At most 8 KiB.',
  })
  url!: string;
  @Field(() => [NamedTemplateInput], {
    nullable: true,
    description: 'Query parameters, put after those of the URL. At most 100.',
  })
  query?: NamedTemplateInput[] | null;
  @Field(() => [NamedTemplateInput], { nullable: true, description: 'Headers. At most 100.' })
  headers?: NamedTemplateInput[] | null;
  @Field(() => BasicAuthInput, { nullable: true, description: 'Basic authentication.' })
  basicAuth?: BasicAuthInput | null;
  @Field(() => RequestBodyInput, { nullable: true, description: 'The body; none when omitted. Not with GET and HEAD.' })
  body?: RequestBodyInput | null;
  @Field(() => Int, {
    nullable: true,
    description: 'In seconds; 10 when omitted. At most 60. The operator may set other limits.',
  })
  timeoutSeconds?: number | null;
  @Field(() => [Int], {
    nullable: true,
    description: 'Statuses with which the step succeeds; 200 to 299 when omitted. At most 20.',
  })
  expectStatus?: number[] | null;
}

@InputType({ description: 'A step that runs JavaScript.' })
export class RunCodeActionInput {
  @Field({ description: 'How later steps refer to its output: letters, digits and _, unique in the workflow.' })
  name!: string;
  @Field(() => ID, { nullable: true, description: 'The step that this is, when it is in the workflow already.' })
  id?: string | null;
  @Field({
    description: 'The code; what it returns is the output of the step. It holds no references. At most 256 KiB.',
  })
  code!: string;
  @Field(() => [NamedTemplateInput], {
    nullable: true,
    description:
      'Constants of the code: an identifier and a template each. One with a key has nothing but text beside it. At most 100.',
  })
  variables?: NamedTemplateInput[] | null;
  @Field(() => Int, {
    nullable: true,
    description: 'In seconds; 30 when omitted, and at most. The operator may set another limit.',
  })
  timeoutSeconds?: number | null;
}

@InputType({ description: 'A step: exactly one of the two.' })
export class StepInput {
  @Field(() => SendApiRequestActionInput, { nullable: true, description: 'Send an HTTP request.' })
  sendApiRequest?: SendApiRequestActionInput | null;
  @Field(() => RunCodeActionInput, { nullable: true, description: 'Run JavaScript.' })
  runCode?: RunCodeActionInput | null;
}
