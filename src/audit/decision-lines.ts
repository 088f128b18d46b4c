/** Logged decisions as JSON lines: one object a line, with the members of LoggedDecision. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LoggedDecision } from '../authz/index.js';

export const decisionLine = (decision: LoggedDecision): string => `${JSON.stringify(decision)}\n`;

/** The message names the line and repeats nothing of it. */
export class DecisionLineError extends Error {
  override readonly name = 'DecisionLineError';

  constructor(readonly line: number) {
    super(`line ${line} is no logged decision`);
  }
}

const pageSize = 2_000;

/** The decisions of a file, page by page. Throws a DecisionLineError at the first line that is none; empty lines are skipped. */
export async function* readDecisionLines(file: string): AsyncGenerator<readonly LoggedDecision[]> {
  let page: LoggedDecision[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line === '') continue;
    const decision = parsed(line);
    if (!isLoggedDecision(decision)) throw new DecisionLineError(number);
    if (page.push(decision) === pageSize) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const areTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isScalar = (value: unknown): boolean => isTextOrNull(value) || typeof value === 'number' || value === !!value;

function isLoggedDecision(value: unknown): value is LoggedDecision {
  if (!isObject(value) || !isObject(value.principal) || !isObject(value.attributes)) return false;
  const { principal, attributes } = value;
  return (
    [value.id, value.policyVersion, value.action, value.subjectType].every(isText) &&
    [value.ruleId, value.field].every(isTextOrNull) &&
    (value.effect === 'allow' || value.effect === 'deny') &&
    Number.isSafeInteger(value.occurredAt) &&
    [principal.id, principal.organizationId].every(isText) &&
    isMembership(principal) &&
    areTexts(principal.permissionSets) &&
    (principal.granteeIds === undefined || areTexts(principal.granteeIds)) &&
    Object.values(attributes).every((attribute) => isScalar(attribute) || areTexts(attribute))
  );
}

const isMembership = ({ kind, role }: Members): boolean =>
  kind === 'PERSON'
    ? role === 'ADMIN' || role === 'MEMBER' || role === 'AUDITOR'
    : kind === 'SERVICE_ACCOUNT' && role === null;
