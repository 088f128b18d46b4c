/** What the policy commands have in common: their folder, and how they print. Colors show on a terminal alone. */
import { styleText } from 'node:util';
import { type Finding, PolicyError } from '../authz/index.js';
import { readConfig } from '../config.js';

/** The options of every policy command. */
export const policyOptions = { policies: { type: 'string' }, json: { type: 'boolean' } } as const;

export const folderOf = (given: string | undefined): string => given ?? readConfig(process.env).policiesFolder;

export const quiet = (text: string): string => styleText('dim', text);
export const strong = (text: string): string => styleText('bold', text);
export const good = (text: string): string => styleText('green', text);
export const bad = (text: string): string => styleText('red', text);
const place = (text: string): string => styleText('cyan', text);

export const placeOf = ({ file, line }: Pick<Finding, 'file' | 'line'>): string => place(`${file}:${line}`);

export const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;

/** Prints the findings after what was examined, and gives the exit code. */
export function report(examined: string, findings: readonly Finding[], json: object | null): number {
  if (json) process.stdout.write(`${JSON.stringify({ ...json, findings }, null, 2)}\n`);
  else process.stdout.write(`${findings.map(findingText).join('')}${summary(examined, findings.length)}\n`);
  return findings.length === 0 ? 0 : 1;
}

/** Reports what keeps a folder from being examined like what an examination finds. */
export function reportRefusal(error: unknown, json: object | null): number {
  if (error instanceof PolicyError) return report('a folder that does not load', error.findings, json);
  throw error;
}

const findingText = (finding: Finding): string =>
  `${placeOf(finding)}  ${bad(finding.code)}\n    ${finding.message}\n\n`;

const summary = (examined: string, findings: number): string =>
  findings === 0 ? `${good('No findings')} in ${examined}.` : `${bad(count(findings, 'finding'))} in ${examined}.`;
