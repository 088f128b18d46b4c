/**
 * `nightsafe <command>`. Each command is loaded when it is asked for, so that the api process never loads what only the runner may
 * have. Exit codes: 0 done, 1 failed or found something, 2 wrong usage.
 */
import { explain, isUsageError } from './cli/explain.js';
import { UsageError } from './cli/usage.js';

const commands: Readonly<
  Record<string, { readonly summary: string; readonly load: () => Promise<(args: string[]) => Promise<number>> }>
> = {
  start: {
    summary: 'the api and the runner on this machine, with keys and a database made when missing',
    load: async () => (await import('./cli/start.js')).start,
  },
  api: { summary: 'the api process alone', load: async () => (await import('./cli/api.js')).api },
  runner: { summary: 'the runner process alone', load: async () => (await import('./cli/runner.js')).runner },
  'keys init': {
    summary: 'make the root and writer keys that are missing',
    load: async () => (await import('./cli/keys-init.js')).keysInit,
  },
  organization: {
    summary: 'create an organization: --slug acme --name Acme --admin-subject ID --admin-name NAME [--issuer URL]',
    load: async () => (await import('./cli/organization.js')).organization,
  },
  token: {
    summary: 'a bearer token of the demo organization: token --as bob [--json]',
    load: async () => (await import('./cli/token.js')).token,
  },
  'audit verify': {
    summary: 'check the audit chains: [--organization SLUG] [--checkpoint FILE] [--json]',
    load: async () => (await import('./cli/audit-verify.js')).auditVerify,
  },
  'audit checkpoint': {
    summary: 'a signed statement of where the chains end, to keep elsewhere',
    load: async () => (await import('./cli/audit-checkpoint.js')).auditCheckpoint,
  },
  'access verify': {
    summary: 'compare the lists with the grants: [--repair] [--json]',
    load: async () => (await import('./cli/access-verify.js')).accessVerify,
  },
  purge: {
    summary: 'erase deleted keys whose retention time is over',
    load: async () => (await import('./cli/purge.js')).purge,
  },
  'policy lint': {
    summary: 'check the policy folder: [--policies DIR] [--json]',
    load: async () => (await import('./cli/policy-lint.js')).policyLint,
  },
  'policy test': {
    summary: 'decide the policy matrices and prove the invariants: [--policies DIR] [--json]',
    load: async () => (await import('./cli/policy-test.js')).policyTest,
  },
  'policy coverage': {
    summary: 'what the policy matrices leave untried: [--policies DIR] [--json]',
    load: async () => (await import('./cli/policy-coverage.js')).policyCoverage,
  },
  'policy explain': {
    summary:
      'why someone may or may not: --as P --can ACTION --key K [--field F] [--organization SLUG] [--policies DIR] [--json]',
    load: async () => (await import('./cli/policy-explain.js')).policyExplain,
  },
  'policy diff': {
    summary:
      'who gains and who loses: [BASE..HEAD] [--base DIR --head DIR] [--policies DIR] [--allow-missing-base] [--json]',
    load: async () => (await import('./cli/policy-diff.js')).policyDiff,
  },
  'policy replay': {
    summary:
      'decide the logged decisions, or with --live the rows, under two revisions: [BASE..HEAD] [--base DIR --head DIR] [--log FILE | --export FILE | --live] [--policies DIR] [--json]',
    load: async () => (await import('./cli/policy-replay.js')).policyReplay,
  },
  'policy matrix': {
    summary: 'print or rewrite the access table: [--policies DIR] [--write] [--json]',
    load: async () => (await import('./cli/policy-matrix.js')).policyMatrix,
  },
  configuration: {
    summary: 'print or rewrite docs/configuration.md: [--write]',
    load: async () => (await import('./cli/configuration.js')).configuration,
  },
  schema: {
    summary: 'print or rewrite schema.graphql: [--write]',
    load: async () => (await import('./cli/schema.js')).schema,
  },
};

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: nightsafe <command>\n\n${lines.join('\n')}\n\nSettings are environment variables: docs/configuration.md lists them.\n`;
}

async function main(words: string[]): Promise<number> {
  const [first = '', second = ''] = words;
  if (['', 'help', '--help', '-h'].includes(first)) {
    process.stdout.write(usage());
    return first === '' ? 2 : 0;
  }
  const name = [`${first} ${second}`, first].find((words) => Object.hasOwn(commands, words));
  const command = name === undefined ? undefined : commands[name];
  if (name === undefined || command === undefined) throw new UsageError('there is no such command');
  const run = await command.load();
  return run(words.slice(name.split(' ').length));
}

// graphql-js looks for a second copy of itself at each value that it completes, unless it is told that it serves.
process.env.NODE_ENV ??= 'production';
// What this process creates is for its user alone.
process.umask(0o077);

// Without a listener, Node.js answers this signal by opening its inspector, through which every key and value could be read.
process.on('SIGUSR1', () => undefined);

// Whoever reads the output may stop, as `head` does. The command ends as it would have, with its own exit code.
for (const output of [process.stdout, process.stderr]) {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`nightsafe: ${explain(error)}\n`);
  process.exit(isUsageError(error) ? 2 : 1);
}
