/**
 * `npm run test:servers`: everything that touches a database, on the servers that TEST_MARIADB_URL and TEST_MYSQL_URL name, and runs
 * through the Redis of TEST_REDIS_URL. A server that is not named is an error, not a skip.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What asks a database. What is below the runner's folder needs none. */
const statements = ['api', 'audit', 'authentication', 'concurrency', 'database', 'modules'];
const processes = ['architecture', 'nothing-leaks', 'queue', 'start'];
const specsIn = (folders: readonly string[]) => folders.map((folder) => `dist/test/${folder}/**/*.test.js`);

/** Runs the files and then prints all that they say; false when a test failed. */
async function mocha(title: string, environment: Record<string, string>, files: readonly string[]): Promise<boolean> {
  const options = [
    '--no-config',
    '--timeout',
    '120000',
    '--reporter',
    'dot',
    '--require',
    'dist/test/support/hooks.js',
  ];
  const run = spawn(
    process.execPath,
    ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', ...options, ...files],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
  );
  const said: Buffer[] = [];
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const [status] = await once(run, 'close');
  process.stdout.write(`\n=== ${title} ===\n${Buffer.concat(said).toString()}`);
  return status === 0;
}

// MariaDB differs from MySQL in what it makes of a statement, and in nothing that whole processes would show.
const servers = [
  ['MariaDB', 'TEST_MARIADB_URL', specsIn(statements)],
  ['MySQL', 'TEST_MYSQL_URL', [...specsIn([...statements, ...processes]), 'dist/test/runner/*.test.js']],
] as const;
for (const [name, variable] of servers) {
  if (process.env[variable]) continue;
  process.stderr.write(`${variable} must name a ${name} server, such as mysql://root@127.0.0.1:3306.\n`);
  process.exit(2);
}
if (!process.env.TEST_REDIS_URL) {
  process.stderr.write('TEST_REDIS_URL must name a Redis server, such as redis://127.0.0.1:6379.\n');
  process.exit(2);
}
const agree = await mocha('Check and list agree, on MariaDB and MySQL', {}, ['dist/test/authz/parity.test.js']);
// Side by side: each waits for its own server most of the time.
const passed = await Promise.all(
  servers.map(([name, variable, specs]) => mocha(name, { TEST_DATABASE_URL: process.env[variable] ?? '' }, specs)),
);
if (!agree || passed.includes(false)) process.exit(1);
