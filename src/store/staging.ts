/** A table of one connection that a long list is put into before it is compared and written. */
import { type Kysely, sql } from 'kysely';
import type { Database, Queries, Trx } from './database.js';
import { transact } from './database.js';
import { columnsOf, given } from './postgres-lists.js';
import { compileOnce, type Statement } from './statement.js';
import type { Tables as StoredTables } from './tables.js';

/** The columns of a staging table, in the words of Postgres; names as of the rows that are put into it. */
export type StagingColumns = { readonly [name: string]: 'int' | 'bigint' | 'text' };
type Tables = { readonly [table: string]: StagingColumns };
type RowOf<Columns extends StagingColumns> = {
  readonly [Name in keyof Columns]: Columns[Name] extends 'text' ? string | null : number;
};

export interface Staging<Staged extends Tables> {
  /** The name of a table in the database. */
  nameOf(table: keyof Staged): string;
  fill<Table extends keyof Staged & string>(table: Table, rows: readonly RowOf<Staged[Table]>[]): Promise<void>;
  /** Readies a filled table for being asked by `addressKey`, line by line. */
  filled(table: keyof Staged): Promise<void>;
  /** Asks or changes the staged lines. */
  within<T>(work: (db: Queries) => Promise<T>): Promise<T>;
  /** Writes what lasts, in one transaction. */
  write<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
}

// One at a time on Postgres: two that add the same readers in another order would wait for each other. "import" in ASCII.
const IMPORT_LOCK = 0x696d706f;

let opened = 0;

/** Opens staging tables for the time of some work. */
export async function openStaging<Staged extends Tables, T>(
  database: Database,
  tables: Staged,
  work: (staging: Staging<Staged>) => Promise<T>,
): Promise<T> {
  if (database.engine === 'postgres') return onPostgres(database, tables, work);
  return onSqlite(database, tables, work);
}

/** In one transaction, which locks nothing before it writes. */
function onPostgres<Staged extends Tables, T>(
  database: Database,
  tables: Staged,
  work: (staging: Staging<Staged>) => Promise<T>,
): Promise<T> {
  return database.db.transaction().execute(async (trx) => {
    // A file from a pipe, or a person who is asked, may take their time.
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
    for (const [name, columns] of Object.entries(tables)) await createTable(trx, name, columns, sql`on commit drop`);
    const fills = new Map(
      Object.entries(tables).map(([name, columns]) => [name, listStatement(database, name, columns)]),
    );
    return work({
      nameOf: (table) => String(table),
      fill: async (table, rows) =>
        void (await fills.get(table)?.(trx, columnsOf(rows, tables[table] as never) as never)),
      async filled(table) {
        await createIndex(trx, String(table));
        await sql`analyze ${sql.table(String(table))}`.execute(trx);
      },
      within: (ask) => ask(trx),
      async write(write) {
        await sql`select pg_advisory_xact_lock(${sql.lit(IMPORT_LOCK)})`.execute(trx);
        return write(trx);
      },
    });
  });
}

/** Beside the database, which others may write meanwhile: only what lasts is written in a transaction. */
async function onSqlite<Staged extends Tables, T>(
  database: Database,
  tables: Staged,
  work: (staging: Staging<Staged>) => Promise<T>,
): Promise<T> {
  const { db } = database;
  // Several imports of this process share the one connection.
  opened += 1;
  const nth = opened;
  const nameOf = (table: keyof Staged) => `${String(table)}_${nth}`;
  for (const [name, columns] of Object.entries(tables)) await createTable(db, nameOf(name), columns, sql``);
  const fills = new Map(
    Object.entries(tables).map(([name, columns]) => [name, rowStatement(database, nameOf(name), columns)]),
  );
  try {
    return await work({
      nameOf,
      fill: (table, rows) =>
        db.connection().execute(async (connection) => {
          const fill = fills.get(table);
          if (fill) await runAll(connection, fill, rows as never);
        }),
      filled: (table) => createIndex(db, nameOf(table)),
      within: (ask) => ask(db),
      write: (write) => transact(database, write),
    });
  } finally {
    for (const name of Object.keys(tables)) await sql`drop table ${sql.table(nameOf(name))}`.execute(db);
  }
}

/** In one transaction of the temporary tables: a deferred one does not lock the database. */
async function runAll<Row extends object>(
  connection: Kysely<StoredTables>,
  statement: Statement<Row, unknown>,
  rows: readonly Row[],
): Promise<void> {
  await sql`begin deferred`.execute(connection);
  try {
    for (const row of rows) await statement(connection, row);
    await sql`commit`.execute(connection);
  } catch (error) {
    await sql`rollback`.execute(connection);
    throw error;
  }
}

const columnName = (name: string) => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
const columnsIn = (types: StagingColumns) => sql.join(Object.keys(types).map((name) => sql.id(columnName(name))));

async function createTable(db: Queries, name: string, types: StagingColumns, end: ReturnType<typeof sql>) {
  const columns = Object.entries(types).map(([column, type]) => sql`${sql.id(columnName(column))} ${sql.raw(type)}`);
  await sql`create temporary table ${sql.table(name)} (${sql.join(columns)}) ${end}`.execute(db);
}

async function createIndex(db: Queries, table: string): Promise<void> {
  await sql`create index ${sql.id(`${table}_by_address`)} on ${sql.table(table)} (address_key, line)`.execute(db);
}

function rowStatement(database: Database, table: string, types: StagingColumns): Statement<object, unknown> {
  return compileOnce<{ readonly [name: string]: unknown }, unknown>(database, (value) => {
    const values = sql.join(Object.keys(types).map((name) => sql`${value(name)}`));
    return {
      compile: () => sql`insert into ${sql.table(table)} (${columnsIn(types)}) values (${values})`.compile(database.db),
    };
  }) as Statement<object, unknown>;
}

function listStatement(database: Database, table: string, types: StagingColumns) {
  return compileOnce<{ readonly [name: string]: readonly unknown[] }, unknown>(database, (value) => ({
    compile: () =>
      sql`insert into ${sql.table(table)} (${columnsIn(types)}) select * from ${given(types, value as never)}`.compile(
        database.db,
      ),
  }));
}

/** Removes the lines whose address is on an earlier line; how many they were. */
export async function removeRepeated(db: Queries, table: string): Promise<number> {
  const staged = sql.table(table);
  const { numAffectedRows } = await sql`
    delete from ${staged} where exists (
      select 1 from ${staged} as earlier
      where earlier.address_key = ${staged}.address_key and earlier.line < ${staged}.line)`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
