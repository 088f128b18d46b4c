/**
 * `npm run bench -- [--database sqlite|mysql://…] [--seconds N] [--growth] [--profile] [--runs] [--json]`
 *
 * Without --database: SQLite, and the MySQL-protocol server that BENCH_DATABASE_URL names, for runs with the Redis that BENCH_REDIS_URL
 * names. Every number is a ratio within one run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differingAccess } from '../../src/modules/secret-key/verify-access-rows.js';
import { prepareCases } from './cases.js';
import { type Growth, measureGrowth, sizes } from './growth.js';
import { type Comparison, compare, connections, load } from './load.js';
import { fillOrganization } from './organization.js';
import { readProfile, type Share } from './profile.js';
import { openSite } from './site.js';
import { measureUses, type Use } from './uses.js';

const keyCount = 10_000;

const { values: options } = parseArgs({
  options: {
    database: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    growth: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    runs: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
if (!(seconds > 0)) throw new Error('--seconds must be a positive number');

interface Result {
  readonly database: string;
  readonly comparisons?: readonly ({ readonly name: string } & Comparison)[];
  readonly growth?: readonly Growth[];
  readonly profile?: readonly Share[];
  readonly uses?: readonly Use[];
}

async function measure(location: string): Promise<Result> {
  const redis = options.runs && location !== 'sqlite' ? process.env.BENCH_REDIS_URL : undefined;
  const site = await openSite(location, redis);
  const profileFolder = options.profile ? mkdtempSync(join(tmpdir(), 'nightsafe-profile-')) : null;
  try {
    const database = site.databaseName;
    if (options.growth) {
      const onFilled = (size: number) => progress(`${database}: an organization of ${size} keys is there`);
      return { database, growth: await measureGrowth(site, onFilled) };
    }
    if (options.runs) {
      return { database: `${database}, ${redis ? 'Redis' : 'embedded queue'}`, uses: await measureUses(site) };
    }
    const organization = await fillOrganization(site.services.database, site.services.writer, 'bench', keyCount);
    const differing = await differingAccess(site.services.database, organization.id);
    if (differing.length > 0) throw new Error('the access rows of the organization do not follow from its grants');

    if (profileFolder !== null) {
      const { cases, api } = await prepareCases(site, organization, ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`]);
      const [list] = cases;
      if (list !== undefined) await load(list.api, seconds * 1000);
      await api.stop();
      return { database, profile: readProfile(profileFolder) };
    }
    const { cases } = await prepareCases(site, organization);
    const comparisons = [];
    for (const { name, api, limit } of cases) {
      comparisons.push({ name, ...(await compare(api, limit, seconds)) });
      progress(`${database}: ${name}`);
    }
    return { database, comparisons };
  } finally {
    await site.close();
    if (profileFolder !== null) rmSync(profileFolder, { recursive: true, force: true });
  }
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const ratio = (value: number): string => value.toFixed(2);

function print({ database, comparisons, growth, profile, uses }: Result): void {
  const lines: string[] = [];
  if (comparisons !== undefined) {
    lines.push(
      `${database}: ${keyCount} keys, ${connections} connections, ${comparisons[0]?.rounds} rounds. 1 = bare node:http, the same SQL, JSON.stringify`,
      `${'case'.padEnd(36)}${'ratio'.padStart(7)}${'lowest'.padStart(8)}${'highest'.padStart(9)}${'p99'.padStart(7)}`,
      ...comparisons.map(
        ({ name, ratio: median, lowest, highest, p99 }) =>
          `${name.padEnd(36)}${ratio(median).padStart(7)}${ratio(lowest).padStart(8)}${ratio(highest).padStart(9)}${ratio(p99).padStart(7)}`,
      ),
    );
  }
  if (growth !== undefined) {
    lines.push(
      `${database}: what a page of 50 costs the database, in terms of the smallest organization`,
      `${'page'.padEnd(40)}${sizes.map((size) => `${size} keys`.padStart(14)).join('')}`,
      ...growth.map(({ name, ratios }) => `${name.padEnd(40)}${ratios.map((it) => ratio(it).padStart(14)).join('')}`),
    );
  }
  if (profile !== undefined) {
    lines.push(
      `${database}: where the api's time goes, page of 50 for a member in 20 groups`,
      ...profile
        .filter(({ share }) => share >= 0.005)
        .map(({ of, share }) => `${of.padEnd(36)}${`${(share * 100).toFixed(1)} %`.padStart(8)}`),
    );
  }
  if (uses !== undefined) {
    lines.push(
      `${database}: one use after the other, a warm runner. 1 = a bare request on loopback and one transaction that writes the same rows`,
      `${''.padEnd(44)}${'p50'.padStart(8)}${'p90'.padStart(8)}${'p50 ms'.padStart(10)}${'p90 ms'.padStart(10)}`,
      ...uses.map(
        ({ name, ratios, milliseconds }) =>
          `${name.padEnd(44)}${ratios.map((it) => ratio(it).padStart(8)).join('')}${milliseconds.map((it) => ratio(it).padStart(10)).join('')}`,
      ),
    );
  }
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

const server = process.env.BENCH_DATABASE_URL;
const results: Result[] = [];
for (const location of options.database ? [options.database] : ['sqlite', ...(server ? [server] : [])]) {
  const result = await measure(location);
  results.push(result);
  if (!options.json) print(result);
}
if (options.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
