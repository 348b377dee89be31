/** SQLite through Kysely’s own dialect: the adapter to a synchronous driver, and how a database is opened. */
import { setTimeout } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';
import { GazetteError } from '../domain/errors.js';
import type { Database, DirectStatement } from './database.js';
import { storeErrorFrom } from './store-error.js';
import type { Tables } from './tables.js';

/** How long a writer waits for another process, in milliseconds. */
const PATIENCE_MS = 20_000;
/**
 * What is waited inside SQLite, where nothing else of this process runs. It is short at the begin of a transaction, which is tried
 * again from outside; a statement by itself is not, and another process that opens or closes the file locks it for a moment.
 */
const BUSY_TIMEOUT_MS = 500;
const BEGIN_TIMEOUT_MS = 10;
const PAUSE_MS = 5;
/** A checkpoint waits for the disk, and the sender with it: at 16 MB of log instead of 4, a quarter as often. */
const CHECKPOINT_PAGES = 4_000;
// Statements with long lists of values have as many texts as lengths: only so many are kept.
const KEPT_STATEMENTS = 200;
const NOT_A_DATABASE = 26;

export interface SqliteOptions {
  /** How long a writer waits for another process before `store.locked`; 20 seconds by default. */
  readonly patienceMs?: number;
  /** Further pragmas of the connection, such as `max_page_count = 1000`. */
  readonly pragmas?: readonly string[];
}

export type SqliteConnection = InstanceType<typeof DatabaseSync>;

/** Opens a file with what the ledger relies on: one writer at a time, and commits that survive the process. */
export function openSqliteConnection(path: string, { pragmas = [], patienceMs }: SqliteOptions = {}): SqliteConnection {
  const timeout = Math.min(BUSY_TIMEOUT_MS, patienceMs ?? PATIENCE_MS);
  return saying(() => {
    const connection = new DatabaseSync(path, { timeout, enableForeignKeyConstraints: true });
    connection.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma temp_store = file');
    connection.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    for (const pragma of pragmas) connection.exec(`pragma ${pragma}`);
    return connection;
  });
}

/** Opens a file that is not there yet, or is empty. Throws `store.exists` for any other, and leaves it as it is. */
export function openNewSqliteConnection(path: string): SqliteConnection {
  const connection = saying(() => new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS }));
  if (isEmpty(connection)) return connection;
  connection.close();
  throw new GazetteError('store.exists', `There is a file ${path} already.`);
}

function isEmpty(connection: SqliteConnection): boolean {
  try {
    return connection.prepare('pragma page_count').get()?.page_count === 0;
  } catch (error) {
    if ((error as { readonly errcode?: unknown }).errcode === NOT_A_DATABASE) return false;
    throw storeErrorFrom(error);
  }
}

/** @param path the file; `''` and `:memory:` name databases of this connection alone */
export function sqliteDatabase(
  connection: SqliteConnection,
  path: string,
  { patienceMs = PATIENCE_MS }: SqliteOptions = {},
): Database {
  const isPrivate = path === '' || path === ':memory:';
  const driver = adapted(connection);
  return {
    db: new Kysely<Tables>({ dialect: new PatientDialect({ database: driver }, patienceMs) }),
    engine: 'sqlite',
    locksRows: false,
    direct: (sql) => directStatement(connection, sql),
    file: isPrivate ? undefined : path,
  };
}

function busyTimeout(ms: number): CompiledQuery {
  return CompiledQuery.raw(`pragma busy_timeout = ${ms}`);
}

class PatientDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  readonly #patienceMs: number;

  constructor(config: SqliteDialectConfig, patienceMs: number) {
    super(config);
    this.#config = config;
    this.#patienceMs = patienceMs;
  }

  override createDriver(): Driver {
    return new PatientDriver(this.#config, this.#patienceMs);
  }
}

/** Takes the write lock with the transaction’s first breath, and waits for it without holding up this process. */
class PatientDriver extends SqliteDriver {
  readonly #patienceMs: number;

  constructor(config: SqliteDialectConfig, patienceMs: number) {
    super(config);
    this.#patienceMs = patienceMs;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const giveUpAt = performance.now() + this.#patienceMs;
    await connection.executeQuery(busyTimeout(Math.min(BEGIN_TIMEOUT_MS, this.#patienceMs)));
    try {
      for (;;) {
        try {
          // Immediate: a transaction that first reads and then writes would fail when another process wrote in between.
          await connection.executeQuery(CompiledQuery.raw('begin immediate'));
          return;
        } catch (error) {
          const isLocked = error instanceof GazetteError && error.code === 'store.locked';
          if (!isLocked || performance.now() > giveUpAt) throw error;
          await setTimeout(PAUSE_MS);
        }
      }
    } finally {
      await connection.executeQuery(busyTimeout(Math.min(BUSY_TIMEOUT_MS, this.#patienceMs)));
    }
  }
}

/** The driver as Kysely wants it, with every statement compiled once. */
function adapted(connection: SqliteConnection): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    close: () => {
      kept.clear();
      connection.close();
    },
    prepare(sql) {
      if (sql === 'rollback' && !connection.isTransaction) return NOTHING;
      const known = kept.get(sql);
      if (known) return known;
      const statement = saying(() => prepared(connection, sql));
      if (kept.size >= KEPT_STATEMENTS) kept.delete(kept.keys().next().value ?? '');
      kept.set(sql, statement);
      return statement;
    },
  };
}

function prepared(connection: SqliteConnection, sql: string): SqliteStatement {
  const statement = connection.prepare(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => saying(() => statement.all(...parameters)),
    run: (parameters) => saying(() => statement.run(...parameters)),
    iterate: (parameters) => saying(() => statement.iterate(...parameters)),
  };
}

/**
 * Prepared when it first runs. Rows come out of the driver as arrays: its objects have no prototype, and such an object is
 * a table of its own, which takes longer to make and lives until the next full collection.
 */
function directStatement(connection: SqliteConnection, sql: string): DirectStatement {
  const prepare = () => {
    const statement = connection.prepare(sql);
    statement.setReturnArrays(true);
    return { statement, names: statement.columns().map(({ name }) => name) };
  };
  let prepared: ReturnType<typeof prepare> | undefined;
  return {
    run: (parameters) =>
      saying(() => {
        prepared ??= prepare();
        const { statement, names } = prepared;
        if (names.length === 0) return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
        const rows = statement.all(...parameters) as unknown as readonly (readonly unknown[])[];
        return { rows: rows.map((values) => rowFrom(names, values)) };
      }),
  };
}

function rowFrom(names: readonly string[], values: readonly unknown[]): { readonly [column: string]: unknown } {
  const row: { [column: string]: unknown } = {};
  for (let at = 0; at < names.length; at += 1) row[names[at] as string] = values[at];
  return row;
}

/** Some errors (a full disk, say) end the transaction by themselves: there is nothing left to roll back. */
const NOTHING: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
};

function saying<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeErrorFrom(error);
  }
}
