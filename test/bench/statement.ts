/** The statements that the bare server runs, taken down from the product itself, so that both servers always run the same ones. */
import type { Database } from '../../src/database/database.js';
import type { Services } from '../../src/graphql/context.js';
import { createContext } from '../../src/graphql/create-context.js';
import type { SqlPart } from '../../src/graphql/keyset.js';
import { createLogger } from '../../src/log.js';
import { findPerson } from '../../src/modules/organization/find-principal.js';
import { listSecretKeys } from '../../src/modules/secret-key/list-secret-keys.js';
import { issuer } from './organization.js';

type ListArguments = Parameters<typeof listSecretKeys>[1];

/** The one statement that a page of the list is read with. */
export async function pageStatement(services: Services, subject: string, args: ListArguments): Promise<SqlPart> {
  const principal = await findPerson(services.database, services.writer.verifier, { issuer, subject }, undefined);
  if (principal === null) throw new Error('the bench asks for somebody who is not there');
  const statements: SqlPart[] = [];
  const recorder: Pick<Database, 'dialect' | 'query'> = {
    dialect: services.database.dialect,
    query: async (sql, parameters = []) => {
      statements.push({ sql, parameters });
      return [];
    },
  };
  const ctx = createContext(
    { ...services, database: recorder as Database },
    {
      principal,
      requestId: 'bench',
      idempotencyKey: undefined,
      log: createLogger({ level: 'silent', pretty: false }),
    },
  );
  await listSecretKeys(ctx, args);
  const [statement] = statements;
  if (statement === undefined || statements.length > 1) throw new Error('a page is no longer one statement');
  return statement;
}
