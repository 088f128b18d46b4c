/** What a page costs the database in organizations of different sizes, which share the tables. */

import { makeCursor } from '../../src/graphql/connection.js';
import type { SqlPart } from '../../src/graphql/keyset.js';
import type { SecretKeyOrderFieldName } from '../../src/modules/secret-key/secret-key.enums.js';
import { quantile } from './load.js';
import { type BenchOrganization, fillOrganization } from './organization.js';
import type { Site } from './site.js';
import { pageStatement } from './statement.js';

export const sizes = [1_000, 10_000, 100_000] as const;
const runs = 60;

export interface Growth {
  readonly name: string;
  /** The median cost of a page in each size, in terms of the first size's. */
  readonly ratios: readonly number[];
}

export async function measureGrowth(site: Site, onFilled: (size: number) => void): Promise<Growth[]> {
  const { services } = site;
  const organizations: BenchOrganization[] = [];
  for (const size of sizes) {
    organizations.push(await fillOrganization(services.database, services.writer, `growth-${size}`, size));
    onFilled(size);
  }
  const results: Growth[] = [];
  for (const viewer of ['member', 'admin'] as const) {
    for (const field of ['NAME', 'CREATED_AT', 'VALUE_UPDATED_AT', 'LAST_USED_AT'] as const) {
      for (const isDeep of [false, true]) {
        const statements = await Promise.all(
          organizations.map(({ subjects, deepPlaces }) =>
            pageStatement(services, subjects[viewer], pageArguments(field, isDeep ? deepPlaces : null)),
          ),
        );
        const medians = await medianCosts(site, statements);
        const name = `${viewer}, ${field}, ${isDeep ? 'deep' : 'first'} page`;
        results.push({ name, ratios: medians.map((cost) => cost / (medians[0] ?? Number.NaN)) });
      }
    }
  }
  return results;
}

const pageArguments = (field: SecretKeyOrderFieldName, deepPlaces: BenchOrganization['deepPlaces'] | null) => ({
  first: 50,
  orderBy: { field, direction: 'ASC' as const },
  ...(deepPlaces && { after: makeCursor(`secretKeys/${field}/ASC`, deepPlaces[field]) }),
});

/** Runs the statements in turn, so that whatever else the machine does hits all of them. */
async function medianCosts({ services: { database } }: Site, statements: readonly SqlPart[]): Promise<number[]> {
  const costs = statements.map((): number[] => []);
  for (let run = -5; run < runs; run += 1) {
    for (const [index, { sql, parameters }] of statements.entries()) {
      const startedAt = performance.now();
      const rows = await database.query(sql, parameters);
      if (run >= 0) costs[index]?.push(performance.now() - startedAt);
      if (rows.length !== 51) throw new Error('a page that is measured must be full');
    }
  }
  return costs.map((some) =>
    quantile(
      some.sort((a, b) => a - b),
      0.5,
    ),
  );
}
