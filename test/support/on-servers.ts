/**
 * `npm run test:servers`: everything that touches a database, on the servers that TEST_MARIADB_URL and TEST_MYSQL_URL name, and runs
 * through the Redis of TEST_REDIS_URL. A server that is not named is an error, not a skip.
 */
import { spawnSync } from 'node:child_process';

const folders = [
  'api',
  'architecture',
  'audit',
  'authentication',
  'concurrency',
  'database',
  'modules',
  'nothing-leaks',
  'queue',
  'start',
];
// What is below the runner's folder needs no database.
const specs = [...folders.map((folder) => `dist/test/${folder}/**/*.test.js`), 'dist/test/runner/*.test.js'];

function mocha(title: string, environment: Record<string, string>, files: readonly string[]): void {
  process.stdout.write(`\n=== ${title} ===\n`);
  const options = ['--no-config', '--timeout', '60000', '--reporter', 'dot', '--require', 'dist/test/support/hooks.js'];
  const { status } = spawnSync(
    process.execPath,
    ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', ...options, ...files],
    {
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}

const servers = [
  ['MariaDB', 'TEST_MARIADB_URL'],
  ['MySQL', 'TEST_MYSQL_URL'],
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
mocha('Check and list agree, on MariaDB and MySQL', {}, ['dist/test/authz/parity.test.js']);
for (const [name, variable] of servers) mocha(name, { TEST_DATABASE_URL: process.env[variable] ?? '' }, specs);
