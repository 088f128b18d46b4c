import { writeCheckpoints } from '../audit/checkpoint.js';
import { readKeyFile } from '../vault/keys.js';
import { WriterSigner } from '../vault/sign.js';
import { readOptions } from './usage.js';
import { withDatabase } from './with-database.js';

/** Prints where every organization's audit chain ends, signed. Keep it where nobody who can write the database can. */
export async function auditCheckpoint(args: string[]): Promise<number> {
  readOptions(args, {});
  return withDatabase(async (database, config) => {
    const rows = await database.query(
      'SELECT organization_id, sequence, hash FROM audit_head ORDER BY organization_id',
    );
    const checkpoints = rows.map((row) => ({
      organizationId: String(row.organization_id),
      sequence: Number(row.sequence),
      hash: String(row.hash),
    }));
    const signer = WriterSigner.fromPrivateKey(readKeyFile(config.writerKeyFile, 'writer-private'));
    process.stdout.write(writeCheckpoints(checkpoints, Date.now(), signer));
    return 0;
  });
}
