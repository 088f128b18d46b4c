import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicies } from '../authz/index.js';
import { readConfig } from '../config.js';
import { buildGuardedSchema, printSortedSchema } from '../graphql/schema.js';
import { packageRoot } from '../paths.js';
import { readOptions } from './usage.js';

/** Prints the schema, or writes it to schema.graphql. */
export async function schema(args: string[]): Promise<number> {
  const options = readOptions(args, { write: { type: 'boolean' } });
  const text = printSortedSchema(buildGuardedSchema(loadPolicies(readConfig(process.env).policiesFolder)));
  if (options.write) writeFileSync(join(packageRoot, 'schema.graphql'), text);
  else process.stdout.write(text);
  return 0;
}
