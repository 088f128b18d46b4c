/** The action Send API Request: a step's templates become one request through the egress door, and its answer the step's output. */
import type { JsonValue } from '../modules/run/run-input.js';
import type { NamedTemplate, SendApiRequestStep } from '../modules/workflow/step-definition.js';
import { base64Values } from './base64-values.js';
import { ByteBudget } from './byte-budget.js';
import { partsOf } from './egress/check-request.js';
import type { EgressDoor } from './egress/egress-door.js';
import { EgressError } from './egress/egress-error.js';
import type { EgressBody, EgressRequest, EgressResponse, NamedParts, PlainPart } from './egress/egress-request.js';
import type { StepOutcome } from './execute-run.js';
import { render, renderJson, type Scope, type Sources } from './render-template.js';
import { RunFailure } from './run-failure.js';
import type { RunSecrets } from './run-secrets.js';
import type { StepSurroundings } from './step-surroundings.js';

export function requestOf(step: SendApiRequestStep, scope: Scope): EgressRequest {
  const named = (path: string, list: readonly NamedTemplate[]): NamedParts[] =>
    list.map(({ name, value }, index) => ({
      name: [{ text: name }],
      value: render(value, scope, `${path}[${index}].value`),
    }));
  const headers = named('headers', step.headers);
  if (step.basicAuth !== null) {
    const { username, password } = step.basicAuth;
    const credentials: PlainPart[] = [
      ...render(username, scope, 'basicAuth.username'),
      { text: ':' },
      ...render(password, scope, 'basicAuth.password'),
    ];
    headers.push({ name: [{ text: 'authorization' }], value: [{ text: 'Basic ' }, { base64Of: credentials }] });
  }
  return {
    method: step.method,
    url: render(step.url, scope, 'url'),
    query: named('query', step.query),
    headers,
    body: bodyOf(step, scope, named),
    timeoutMs: step.timeoutSeconds * 1000,
  };
}

function bodyOf(
  { body }: SendApiRequestStep,
  scope: Scope,
  named: (path: string, list: readonly NamedTemplate[]) => NamedParts[],
): EgressBody | null {
  switch (body.kind) {
    case 'none':
      return null;
    case 'text':
      return { kind: 'text', parts: render(body.text, scope, 'body.text'), contentType: body.contentType };
    case 'json':
      return { kind: 'json', value: renderJson(body.json, scope, 'body.json') };
    case 'form':
      return { kind: 'form', fields: named('body.form', body.fields) };
  }
}

/**
 * The answer as the step's output, `{ status, headers, body, url }`: the body as JSON, as text, or as base64. Only bytes that are no text
 * are redacted already.
 */
export async function sendApiRequest(
  step: SendApiRequestStep,
  sources: Sources,
  {
    door,
    keys,
    signal,
    beginToSend,
    secrets,
  }: StepSurroundings & { readonly door: EgressDoor; readonly secrets: RunSecrets },
): Promise<Pick<StepOutcome, 'output' | 'failure' | 'receipt'>> {
  const budget = new ByteBudget(door.limits.requestBytes, 'The request would be larger than it may be.');
  const request = requestOf(step, { ...sources, budget });
  const send = async (): Promise<EgressResponse> => {
    door.mustFit(request, keys);
    for (const value of base64Values(partsOf(request), keys)) secrets.add(value);
    return door.send(request, keys, { signal, onSending: beginToSend });
  };
  const response = await send().catch((error: unknown) => {
    throw error instanceof EgressError ? failureOf(error) : error;
  });
  const { status } = response;
  const isExpected = step.expectStatus === null ? status >= 200 && status < 300 : step.expectStatus.includes(status);
  return {
    ...outputOf(response, secrets),
    failure: isExpected ? null : new RunFailure('UNEXPECTED_STATUS', `The answer has the status ${status}.`),
  };
}

/** Codes for which the request has not been sent. */
const unsent: ReadonlySet<string> = new Set<EgressError['code']>([
  'REQUEST_INVALID',
  'URL_INVALID',
  'HEADER_INVALID',
  'HEADER_REFUSED',
  'KEY_UNKNOWN',
  'KEY_PLACE_REFUSED',
  'KEY_PLACEMENT_REFUSED',
  'KEY_HOST_REFUSED',
  'KEY_VALUE_UNFIT',
  'HOST_REFUSED',
  'ADDRESS_REFUSED',
]);

export function failureOf({ code, message, field, secretKeyId }: EgressError): RunFailure {
  const about = { field, secretKeyId };
  if (code === 'REQUEST_TOO_LARGE') return new RunFailure('TOO_LARGE', message, about);
  if (code === 'TIMEOUT') return new RunFailure('TIMED_OUT', message, about);
  if (code === 'CANCELLED') return new RunFailure('CANCELLED', message, about);
  return new RunFailure(unsent.has(code) ? 'REQUEST_NOT_ALLOWED' : 'REQUEST_FAILED', message, about);
}

function outputOf(response: EgressResponse, secrets: RunSecrets): Pick<StepOutcome, 'output' | 'receipt'> {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of response.headers) {
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  const { status, url } = response;
  const text = textOf(response.body);
  if (text !== null) {
    const body = contentOf(text, headers['content-type'] ?? '');
    return { output: { status, headers: { ...headers }, body, url }, receipt: [] };
  }
  const { bytes, receipt } = secrets.redactBytes(response.body, '$.bodyBase64');
  return { output: { status, headers: { ...headers }, bodyBase64: bytes.toString('base64'), url }, receipt };
}

function contentOf(text: string, contentType: string): JsonValue {
  if (!/^[^;]*[/+]json\s*(?:;|$)/i.test(contentType)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
