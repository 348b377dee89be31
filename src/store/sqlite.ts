/** SQLite through Kysely’s own dialect: the adapter to a synchronous driver, and how a database is opened. */
import { DatabaseSync } from '@photostructure/sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import type { Database } from './database.js';
import { storeErrorFrom } from './store-error.js';
import type { Tables } from './tables.js';

/** How long a writer waits for another process, in milliseconds. */
const BUSY_TIMEOUT_MS = 20_000;
// Statements with long lists of values have as many texts as lengths: only so many are kept.
const KEPT_STATEMENTS = 200;

export type SqliteConnection = InstanceType<typeof DatabaseSync>;

/** Opens a file with what the ledger relies on: one writer at a time, and commits that survive the process. */
export function openSqliteConnection(path: string): SqliteConnection {
  return saying(() => {
    const connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    connection.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma temp_store = file');
    return connection;
  });
}

/** @param path the file; `''` and `:memory:` name databases of this connection alone */
export function sqliteDatabase(connection: SqliteConnection, path: string): Database {
  const isPrivate = path === '' || path === ':memory:';
  return {
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapted(connection) }) }),
    engine: 'sqlite',
    locksRows: false,
    file: isPrivate ? undefined : path,
  };
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
  // A transaction that first reads and then writes would fail when another process wrote in between.
  const statement = connection.prepare(sql === 'begin' ? 'begin immediate' : sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => saying(() => statement.all(...parameters)),
    run: (parameters) => saying(() => statement.run(...parameters)),
    iterate: (parameters) => saying(() => statement.iterate(...parameters)),
  };
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
