/**
 * The one way to the database: `query` reads, `transaction` writes. Both behave the same on SQLite, MariaDB and MySQL.
 */
import { existsSync } from 'node:fs';
import {
  AbstractLogger,
  DataSource,
  type DataSourceOptions,
  type EntityManager,
  type FindOptionsWhere,
  type QueryRunner,
} from 'typeorm';
import type { DatabaseConfig } from '../config.js';
import { ApiError } from '../errors.js';
import { OperatorError } from '../operator-error.js';
import { type Dialect, forUpdate, lockShared } from './dialect.js';
import { isDuplicate, isLostConnection, isTransient } from './driver-errors.js';
import { entities } from './entities.js';
import { Initial1795800000000 } from './migrations/1795800000000-initial.js';
import { openErrorOf } from './open-error.js';
import { mustBeCurrent, notMigrated, schemaStateOf } from './schema-state.js';

export type Row = Record<string, unknown>;

/** What reads go through, in a transaction and outside of one. */
export interface Reading {
  readonly manager: EntityManager;
  readonly dialect: Dialect;
  query(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** What a verb writes through. Everything done with it is committed together or not at all. */
export interface Transaction extends Reading {
  /** A SELECT whose rows stay locked for this transaction alone until it ends. */
  lock(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** A SELECT whose rows nobody changes until this transaction ends; others may lock them the same way. */
  lockShared(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

type MysqlConfig = Extract<DatabaseConfig, { readonly kind: 'mysql' }>;
type Connect = (options: DataSourceOptions) => Promise<DataSource>;

/** TypeORM's own lines hold statements and go to standard output. */
class NoLines extends AbstractLogger {
  protected override isLogEnabledFor(): boolean {
    return false;
  }

  protected writeLog(): void {}
}

const common = {
  entities,
  migrations: [Initial1795800000000],
  migrationsTableName: 'migration',
  logger: new NoLines(),
};

/** How long `isReachable` waits, in milliseconds: a server that does not answer by then is none. */
const longestPing = 2_000;

/** Tried again on deadlocks, busy locks and connections lost before the commit; the transaction left nothing behind then. */
const attempts = 6;

export class Database {
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly dialect: Dialect,
    private readonly writer: DataSource,
    private readonly reader: DataSource,
  ) {}

  /**
   * Connects, and brings the tables up to date unless `migrate` is false.
   *
   * @throws OperatorError when the database cannot be reached, belongs to something else or to a newer version, or is not migrated.
   */
  static async open(url: DatabaseConfig, { migrate } = { migrate: true }): Promise<Database> {
    const sources: DataSource[] = [];
    const connect = async (options: DataSourceOptions): Promise<DataSource> => {
      const source = await new DataSource(options).initialize();
      sources.push(source);
      return source;
    };
    try {
      return await (url.kind === 'sqlite'
        ? Database.#openSqlite(url.path, migrate, connect)
        : Database.#openMysql(url, migrate, connect));
    } catch (error) {
      for (const source of sources) await source.destroy();
      throw openErrorOf(error, url);
    }
  }

  /** In memory, with the tables of this version and nothing in them. */
  static async openEmpty(): Promise<Database> {
    const source = await new DataSource({ type: 'better-sqlite3', database: ':memory:', ...common }).initialize();
    await source.runMigrations({ transaction: 'none' });
    return new Database('sqlite', source, source);
  }

  static async #openSqlite(path: string, migrate: boolean, connect: Connect): Promise<Database> {
    const options = (readonly: boolean): DataSourceOptions => ({
      type: 'better-sqlite3',
      database: path,
      readonly,
      statementCacheSize: 500,
      prepareDatabase: (connection: { pragma(text: string): unknown }) => {
        if (!readonly) connection.pragma('journal_mode = WAL');
        connection.pragma('synchronous = FULL');
        connection.pragma('busy_timeout = 5000');
        // Overwrites deleted content with zeros: a replaced ciphertext is gone from the file.
        connection.pragma('secure_delete = ON');
        connection.pragma('cache_size = -65536');
      },
      ...common,
    });
    // Connecting would make the file and its folder.
    if (!migrate && !existsSync(path)) throw notMigrated(`${path} does not exist`);
    const writer = await connect(options(false));
    if (migrate) {
      // Several processes may start at once; one migrates, the others wait for it.
      await writer.query('BEGIN IMMEDIATE');
      if ((await schemaStateOf(writer, 'sqlite')) !== 'current') await writer.runMigrations({ transaction: 'none' });
      await writer.query('COMMIT');
    } else await mustBeCurrent(writer, 'sqlite');
    // A second connection sees committed rows only, also while a transaction of this process is open on the first.
    const reader = await connect(options(true));
    return new Database('sqlite', writer, reader);
  }

  static async #openMysql(url: MysqlConfig, migrate: boolean, connect: Connect): Promise<Database> {
    const source = await connect({
      type: 'mysql',
      host: url.host,
      port: url.port,
      username: url.user,
      password: url.password.reveal(),
      database: url.database,
      ...(url.tls ? { ssl: {} } : {}),
      charset: 'utf8mb4',
      poolSize: 20,
      connectTimeout: 5_000,
      ...common,
    });
    await prepareSessions(source);
    if (migrate) {
      await withMigrationLock(source, async () => {
        if ((await schemaStateOf(source, 'mysql')) !== 'current') await source.runMigrations({ transaction: 'none' });
      });
    } else await mustBeCurrent(source, 'mysql');
    return new Database('mysql', source, source);
  }

  /** Reads what is committed. */
  get reading(): Reading {
    return {
      manager: this.reader.manager,
      dialect: this.dialect,
      query: (sql, parameters) => this.query(sql, parameters),
    };
  }

  async query(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.reader.query(sql, [...parameters]);
      } catch (error) {
        if (attempt >= 3 || !(isLostConnection(error) || isTransient(error))) throw error;
      }
    }
  }

  /** One row as an entity, or null. */
  async read<Entity extends object>(entity: new () => Entity, where: Partial<Entity>): Promise<Entity | null> {
    return this.reader.manager.findOne(entity, { where: where as FindOptionsWhere<Entity> });
  }

  async readAll<Entity extends object>(entity: new () => Entity, where: Partial<Entity>): Promise<Entity[]> {
    return this.reader.manager.find(entity, { where: where as FindOptionsWhere<Entity> });
  }

  /** Runs `work` in one transaction. It may run more than once, so it must act through `tx` alone. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.dialect === 'sqlite' ? this.#inTurn(() => this.#attempt(work)) : this.#attempt(work);
  }

  /** Whether the database answers, within two seconds. */
  async isReachable(): Promise<boolean> {
    return new Promise((resolve) => {
      const deadline = setTimeout(() => resolve(false), longestPing);
      this.query('SELECT COUNT(*) FROM migration')
        .then(
          () => resolve(true),
          () => resolve(false),
        )
        .finally(() => clearTimeout(deadline));
    });
  }

  async close(): Promise<void> {
    await this.#tail.catch(() => undefined);
    if (this.reader !== this.writer) await this.reader.destroy();
    await this.writer.destroy();
  }

  /** SQLite has one writing connection, so transactions take turns instead of nesting in each other. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #attempt<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const runner = this.writer.createQueryRunner();
      let isCommitting = false;
      try {
        await this.#begin(runner);
        const result = await work(this.#transactionOn(runner));
        isCommitting = true;
        await this.#finish(runner, 'COMMIT');
        return result;
      } catch (error) {
        await this.#finish(runner, 'ROLLBACK').catch(() => undefined);
        if (isCommitting && isLostConnection(error)) {
          throw new ApiError(
            'INTERNAL',
            'The database connection was lost while the change was being saved. Look before you try again.',
          );
        }
        const mayRepeat = isTransient(error) || isLostConnection(error) || error instanceof TryAgain;
        if (!mayRepeat || attempt >= attempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** attempt * Math.random()));
      } finally {
        await runner.release();
      }
    }
  }

  async #begin(runner: QueryRunner): Promise<void> {
    // SQLite takes the write lock at once: a lock that is upgraded later fails instead of waiting.
    if (this.dialect === 'sqlite') await runner.query('BEGIN IMMEDIATE');
    else await runner.startTransaction('READ COMMITTED');
  }

  async #finish(runner: QueryRunner, verb: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    if (this.dialect === 'sqlite') await runner.query(verb);
    else if (verb === 'COMMIT') await runner.commitTransaction();
    else if (runner.isTransactionActive) await runner.rollbackTransaction();
  }

  #transactionOn(runner: QueryRunner): Transaction {
    const query = (sql: string, parameters: readonly unknown[] = []): Promise<Row[]> =>
      runner.query(sql, [...parameters]);
    return {
      manager: runner.manager,
      dialect: this.dialect,
      query,
      lock: (sql, parameters) => query(sql + forUpdate(this.dialect), parameters),
      lockShared: (sql, parameters) => query(sql + lockShared(this.dialect), parameters),
    };
  }
}

/** Thrown inside a transaction when another one won a race that a second look will settle. */
export class TryAgain extends Error {}

/** Runs an insert whose unique key another transaction may take first; then `onTaken` decides what that means. */
export async function insertUnique(insert: () => Promise<unknown>, onTaken: () => Error): Promise<void> {
  try {
    await insert();
  } catch (error) {
    throw isDuplicate(error) ? onTaken() : error;
  }
}

interface SessionPool {
  on(event: 'connection', listener: (connection: { query(sql: string): void }) => void): void;
}

/** Aggregated JSON is cut at group_concat_max_len (1 MiB on MariaDB, 1 KiB on MySQL), silently; modes are set so that nothing else is. */
const sessionSettings =
  "SET SESSION group_concat_max_len = 67108864, sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

async function prepareSessions(source: DataSource): Promise<void> {
  const { pool } = source.driver as unknown as { pool: SessionPool };
  pool.on('connection', (connection) => connection.query(sessionSettings));
  // The connection that the driver opened to greet the server is already in the pool.
  await source.query(sessionSettings);
}

/** The name of a lock has at most 64 characters, as many as that of a schema. */
const migrationLock = "CONCAT('nightsafe/', LEFT(SHA2(DATABASE(), 256), 32))";

/** Several processes may start at once; one migrates, the others wait for it. */
async function withMigrationLock(source: DataSource, migrate: () => Promise<unknown>): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    const [row] = await runner.query(`SELECT GET_LOCK(${migrationLock}, 60) AS taken`);
    if (Number(row?.taken) !== 1) {
      throw new OperatorError(
        'Another process has been migrating the database for a minute. Start again when it is done.',
      );
    }
    await migrate();
    await runner.query(`SELECT RELEASE_LOCK(${migrationLock})`);
  } finally {
    await runner.release();
  }
}
