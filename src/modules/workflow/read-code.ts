/** Reads a Run Code step. Its code is text as it is: what it takes comes in through its variables. */
import type { StepLimits } from '../../runner-settings.js';
import type { RunCodeActionInput } from './step.inputs.js';
import type { RunCodeStep } from './step-definition.js';
import type { StepReader } from './step-reader.js';
import type { Template } from './template.js';

const mostVariable = 64 * 1024;

export function readCode(
  reader: StepReader,
  input: RunCodeActionInput,
  { codeBytes, codeSeconds }: StepLimits,
): Omit<RunCodeStep, 'id' | 'name' | 'editedById'> {
  const code = reader.field('code');
  if (reader.fits(code, input.code, codeBytes) && input.code.trim() === '')
    reader.check.add(code.path, 'must not be empty');
  const variables = reader.named('variables', input.variables, mostVariable, nameProblem);
  const seen = new Set<string>();
  for (const [index, { name, value }] of variables.entries()) {
    if (seen.has(name)) reader.check.add(reader.field(`variables[${index}].name`).path, 'is given twice');
    seen.add(name);
    if (!holdsAtMostOneKey(value)) {
      reader.check.add(
        reader.field(`variables[${index}].value`).path,
        'with a key must have nothing but text beside that one key',
      );
    }
  }
  const timeoutSeconds = reader.integer('timeoutSeconds', input.timeoutSeconds ?? codeSeconds, 1, codeSeconds);
  return { type: 'RUN_CODE', timeoutSeconds, code: input.code, variables };
}

/** Code gets a placeholder for a key: what stands with it must not come from outside of the workflow. */
function holdsAtMostOneKey(value: Template): boolean {
  const references = value.filter(({ kind }) => kind !== 'text');
  return references.length <= 1 || !references.some(({ kind }) => kind === 'secretKey');
}

/** ECMA-262, section 12.7.2, in strict code of an async function, and the names that the language gives a meaning of their own. */
const reservedWords = new Set(
  (
    'arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false finally ' +
    'for from function get if implements import in instanceof interface let new null of package private protected public return set static ' +
    'super switch this throw true try typeof undefined var void while with yield Infinity NaN'
  ).split(' '),
);

/** What code finds in the sandbox besides the language: a variable of the same name would hide it. */
const sandboxGlobals = new Set(
  (
    'globalThis self fetch Request Response Headers URL URLSearchParams TextEncoder TextDecoder atob btoa structuredClone AbortController ' +
    'AbortSignal setTimeout clearTimeout setInterval clearInterval queueMicrotask console crypto jwt basicAuth Object Array String Number ' +
    'Boolean Symbol BigInt Function Promise Proxy Reflect JSON Math Date RegExp Map Set WeakMap WeakSet Error'
  ).split(' '),
);

function nameProblem(name: string): string | null {
  if (!/^[A-Za-z_$][\w$]{0,63}$/.test(name)) return 'must be an identifier of at most 64 letters, digits, _ and $';
  if (reservedWords.has(name)) return 'must not be a word of the language';
  if (sandboxGlobals.has(name) || name === '__proto__') return 'must not be the name of something that all code has';
  return null;
}
