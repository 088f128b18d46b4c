/**
 * `policy lint` and `policy test` in processes of their own: they prove by trying hundreds of thousands of cases, for which no request
 * should wait, and nothing that the folder holds is read next to a key.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Finding } from './policy-files.js';

export interface CheckReport {
  /** Of what was checked; null when it could not be understood. */
  readonly policyVersion: string | null;
  /** What was found, such as `policies/rules/group.yaml:3: the rule has no "why"`. */
  readonly reasons: readonly string[];
}

const main = fileURLToPath(new URL('../main.js', import.meta.url));

/** Far more than a check takes, in milliseconds. */
const longestCheck = 60_000;

/** Rejects when a check cannot be run or is ended. */
export async function checkPolicies(folder: string, end: AbortSignal): Promise<CheckReport> {
  const lint = await run('lint', folder, end);
  if (lint.reasons.length > 0) return lint;
  const tests = await run('test', folder, end);
  if (tests.reasons.length > 0 || tests.policyVersion === lint.policyVersion) return tests;
  return { policyVersion: null, reasons: ['the files changed while they were checked; reload once more'] };
}

function run(command: 'lint' | 'test', folder: string, end: AbortSignal): Promise<CheckReport> {
  const { PATH, SystemRoot } = process.env;
  const options = { env: { PATH, SystemRoot }, maxBuffer: 2 ** 24, timeout: longestCheck, signal: end };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [main, 'policy', command, '--policies', folder, '--json'], options, (error, stdout) => {
      // 1: something was found. Whatever else the process ended by is no answer.
      if (error !== null && error.code !== 1) reject(error);
      else resolve(reportIn(stdout, command));
    });
  });
}

function reportIn(stdout: string, command: string): CheckReport {
  if (stdout === '') return { policyVersion: null, reasons: [`\`policy ${command}\` cannot read the folder`] };
  const { policyVersion, findings } = JSON.parse(stdout) as {
    readonly policyVersion: string | null;
    readonly findings: readonly Finding[];
  };
  return { policyVersion, reasons: findings.map(({ file, line, message }) => `${file}:${line}: ${message}`) };
}
