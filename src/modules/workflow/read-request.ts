/** Reads a Send API Request step. What its text alone tells is decided here; the runner's door decides again about what is sent. */

import type { StepLimits } from '../../runner-settings.js';
import type { RequestBodyInput, SendApiRequestActionInput } from './step.inputs.js';
import type { RequestBody, SendApiRequestStep } from './step-definition.js';
import type { StepReader } from './step-reader.js';
import type { Template } from './template.js';
import type { ParsedTemplate } from './template-parse.js';
import { type UrlPlace, urlPlaces, urlProblem } from './url-places.js';

const kibibyte = 1024;
const mostStatuses = 20;

const inHeader = { refused: /[^\t\x20-\x7e]/, message: 'must be visible ASCII, spaces and tabs' };
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const inUrl = { refused: /[\u0000-\u0020\u007f]/, message: 'must not have spaces, line breaks and control characters' };

export function readRequest(
  reader: StepReader,
  input: SendApiRequestActionInput,
  { requestSeconds, longestRequestSeconds }: StepLimits,
): Omit<SendApiRequestStep, 'id' | 'name' | 'editedById'> {
  const { method } = input;
  const url = readUrl(reader, input.url);
  const query = reader.named('query', input.query, 8 * kibibyte, (name) => (name === '' ? 'must not be empty' : null));
  const headers = reader.named('headers', input.headers, 8 * kibibyte, headerNameProblem, inHeader);
  if (input.basicAuth && headers.some(({ name }) => name.toLowerCase() === 'authorization')) {
    reader.check.add(reader.field('basicAuth').path, 'cannot be combined with a header Authorization');
  }
  const basicAuth = input.basicAuth
    ? {
        username: readUsername(reader, input.basicAuth.username),
        password: reader.template(reader.field('basicAuth.password'), input.basicAuth.password, kibibyte).template,
      }
    : null;
  const body = readBody(reader, input.body);
  if (body.kind !== 'none' && (method === 'GET' || method === 'HEAD')) {
    reader.check.add(reader.field('body').path, `cannot be sent with ${method}`);
  }
  const timeoutSeconds = reader.integer(
    'timeoutSeconds',
    input.timeoutSeconds ?? requestSeconds,
    1,
    longestRequestSeconds,
  );
  const expectStatus = readStatuses(reader, input.expectStatus);
  return { type: 'SEND_API_REQUEST', timeoutSeconds, method, url, query, headers, basicAuth, body, expectStatus };
}

const refusedPlaces: Partial<Record<UrlPlace, string>> = {
  scheme: 'a key must not stand in the scheme or host of a URL',
  authority: 'a key must not stand in the host, port or user name of a URL',
  queryName: 'a key must not stand in the name of a query parameter',
  fragment: 'a key must not stand in the fragment of a URL, which is never sent',
};

function readUrl(reader: StepReader, text: string): Template {
  const field = reader.field('url');
  const parsed = reader.template(field, text, 8 * kibibyte, inUrl);
  const { template } = parsed;
  // Without a template its problem has been told; an empty one is no URL.
  if (template.length === 0 && text !== '') return template;
  const keyProblems = keysInPlaces(parsed);
  for (const { offset, message } of keyProblems) reader.problem(field, text, offset, message);
  const problem = keyProblems.length === 0 ? urlProblem(template) : null;
  if (problem !== null) reader.check.add(field.path, problem);
  return template;
}

function keysInPlaces({
  template,
  references,
}: ParsedTemplate): { readonly offset: number; readonly message: string }[] {
  const places = urlPlaces(template).filter((_, index) => template[index]?.kind !== 'text');
  return references.flatMap(({ reference, offset }, index) => {
    const message = reference.kind === 'secretKey' ? refusedPlaces[places[index] ?? 'unknown'] : undefined;
    return message === undefined ? [] : [{ offset, message }];
  });
}

/** RFC 9110, section 5.6.2. */
const headerNameProblem = (name: string): string | null =>
  /^[!#$%&'*+.^_`|~\w-]+$/.test(name) ? null : "must be a header's name: letters, digits and !#$%&'*+-.^_`|~";

/** RFC 7617, section 2: the first colon ends the user name. */
function readUsername(reader: StepReader, text: string): Template {
  const field = reader.field('basicAuth.username');
  const { template } = reader.template(field, text, kibibyte);
  if (template.some((segment) => segment.kind === 'text' && segment.text.includes(':'))) {
    reader.check.add(field.path, 'must not have a colon');
  }
  return template;
}

function readBody(reader: StepReader, input: RequestBodyInput | null | undefined): RequestBody {
  if (!input) return { kind: 'none' };
  const { json, form, text, contentType } = input;
  const given = [json, form, text].filter((one) => one !== null && one !== undefined);
  if (given.length !== 1) reader.check.add(reader.field('body').path, 'must have exactly one of json, form and text');
  if (contentType && typeof text !== 'string') {
    reader.check.add(reader.field('body.contentType').path, 'is given with text alone');
  }
  if (typeof json === 'string') {
    return { kind: 'json', json: reader.json(reader.field('body.json'), json, 64 * kibibyte).json };
  }
  if (form) return { kind: 'form', fields: reader.named('body.form', form, 64 * kibibyte, () => null) };
  const { template } = reader.template(reader.field('body.text'), text ?? '', 64 * kibibyte);
  return { kind: 'text', text: template, contentType: readContentType(reader, contentType) };
}

/** RFC 9110, section 8.3.1: a type, a subtype and parameters. */
function readContentType(reader: StepReader, contentType: string | null | undefined): string {
  if (!contentType) return 'text/plain; charset=utf-8';
  if (!/^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+-]{1,64}(?:; ?[\x20-\x7e]{1,120})?$/.test(contentType)) {
    reader.check.add(reader.field('body.contentType').path, 'must be a media type such as application/xml');
  }
  return contentType;
}

function readStatuses(reader: StepReader, statuses: readonly number[] | null | undefined): number[] | null {
  if (!statuses) return null;
  const { path } = reader.field('expectStatus');
  if (statuses.length < 1 || statuses.length > mostStatuses) {
    reader.check.add(path, `must have 1 to ${mostStatuses} elements`);
    return null;
  }
  for (const [index, status] of statuses.entries()) reader.integer(`expectStatus[${index}]`, status, 100, 599);
  return [...new Set(statuses)].sort((a, b) => a - b);
}
