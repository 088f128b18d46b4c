/**
 * `nightsafe <command>`. Each command is loaded when it is asked for, so that the api process never loads what only the runner may
 * have. Exit codes: 0 done, 1 failed or found something, 2 wrong usage.
 */
import { PolicyError } from './authz/index.js';
import { StartError } from './cli/start-error.js';
import { UsageError } from './cli/usage.js';
import { ConfigError } from './config.js';

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
    summary: 'create an organization and its first administrator',
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
    summary: 'check the policy folder: [--policies DIR]',
    load: async () => (await import('./cli/policy.js')).policyLint,
  },
  'policy test': {
    summary: 'run the policy matrices: [--policies DIR]',
    load: async () => (await import('./cli/policy.js')).policyTest,
  },
  'policy matrix': {
    summary: 'print or rewrite the access table: [--policies DIR] [--write]',
    load: async () => (await import('./cli/policy.js')).policyMatrix,
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
  const name = `${first} ${second}` in commands ? `${first} ${second}` : first;
  const command = commands[name];
  if (command === undefined) throw new UsageError('there is no such command');
  const run = await command.load();
  return run(words.slice(name.split(' ').length));
}

// What this process creates is for its user alone.
process.umask(0o077);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`nightsafe: ${explain(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** One sentence for what the operator can mend; the stack for what only a maintainer can. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}. Try \`nightsafe help\`.`;
  if (error instanceof ConfigError || error instanceof PolicyError || error instanceof StartError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
