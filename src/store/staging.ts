/** A table of one connection that a long list is put into before it is compared and written. */
import { type Kysely, sql } from 'kysely';
import type { SubscriptionState, SuppressionReason } from '../domain/subscriber.js';
import type { Database, Queries, Trx } from './database.js';
import { transact } from './database.js';
import { columnsOf, given } from './postgres-lists.js';
import { compileOnce, type Statement } from './statement.js';
import type { Tables } from './tables.js';

export interface StagedRow {
  readonly line: number;
  readonly address: string;
  readonly addressKey: string;
  readonly name: string;
  readonly language: string | null;
  readonly wishes: string;
  readonly state: SubscriptionState;
  readonly consentSource: string;
  readonly consentAt: number;
  readonly suppressed: SuppressionReason | null;
}

interface ErasedRow {
  readonly line: number;
  readonly key: string;
}

export interface Staging {
  readonly table: string;
  readonly erasedTable: string;
  /** Whether any reader was ever erased: only then the lines need keys. */
  readonly hasErased: boolean;
  fill(rows: readonly StagedRow[]): Promise<void>;
  fillErased(rows: readonly ErasedRow[]): Promise<void>;
  /** Readies the filled table for being asked. */
  filled(): Promise<void>;
  /** Asks or changes the staged lines. */
  within<T>(work: (db: Queries) => Promise<T>): Promise<T>;
  /** Writes what lasts, in one transaction. */
  write<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
}

// One at a time on Postgres: two that add the same readers in another order would wait for each other. "import" in ASCII.
const IMPORT_LOCK = 0x696d706f;

let opened = 0;

/** Opens a staging table for the time of some work. */
export async function openStaging<T>(database: Database, work: (staging: Staging) => Promise<T>): Promise<T> {
  if (database.engine === 'postgres')
    return onPostgres(database, { table: 'staged', erasedTable: 'staged_erased' }, work);
  // Several imports of this process share the one connection.
  opened += 1;
  return onSqlite(database, { table: `staged_${opened}`, erasedTable: `staged_erased_${opened}` }, work);
}

type Names = Pick<Staging, 'table' | 'erasedTable'>;

/** In one transaction, which locks nothing before it writes. */
function onPostgres<T>(database: Database, names: Names, work: (staging: Staging) => Promise<T>): Promise<T> {
  return database.db.transaction().execute(async (trx) => {
    // A file from a pipe, or a person who is asked, may take their time.
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
    await createTables(trx, names, sql`on commit drop`);
    const fill = listStatement(database, names.table, STAGED);
    const fillErased = listStatement(database, names.erasedTable, ERASED);
    return work({
      ...names,
      hasErased: await isAnyErased(trx),
      fill: async (rows) => void (await fill(trx, columnsOf(rows, STAGED))),
      fillErased: async (rows) => void (await fillErased(trx, columnsOf(rows, ERASED))),
      async filled() {
        await createIndex(trx, names.table);
        await sql`analyze ${sql.table(names.table)}`.execute(trx);
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
async function onSqlite<T>(database: Database, names: Names, work: (staging: Staging) => Promise<T>): Promise<T> {
  const { db } = database;
  await createTables(db, names, sql``);
  const fill = rowStatement(database, names.table, STAGED);
  const fillErased = rowStatement(database, names.erasedTable, ERASED);
  try {
    return await work({
      ...names,
      hasErased: await isAnyErased(db),
      fill: (rows) => db.connection().execute((connection) => runAll(connection, fill, rows)),
      fillErased: (rows) => db.connection().execute((connection) => runAll(connection, fillErased, rows)),
      filled: () => createIndex(db, names.table),
      within: (ask) => ask(db),
      write: (write) => transact(database, write),
    });
  } finally {
    for (const name of [names.table, names.erasedTable]) await sql`drop table ${sql.table(name)}`.execute(db);
  }
}

/** In one transaction of the temporary tables: a deferred one does not lock the database. */
async function runAll<Row extends object>(
  connection: Kysely<Tables>,
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

const STAGED = {
  line: 'int',
  address: 'text',
  addressKey: 'text',
  name: 'text',
  language: 'text',
  wishes: 'text',
  state: 'text',
  consentSource: 'text',
  consentAt: 'bigint',
  suppressed: 'text',
} as const;
const ERASED = { line: 'int', key: 'text' } as const;

type Types = { readonly [name: string]: string };

const columnName = (name: string) => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
const columnsIn = (types: Types) => sql.join(Object.keys(types).map((name) => sql.id(columnName(name))));

async function createTables(db: Queries, { table, erasedTable }: Names, end: ReturnType<typeof sql>): Promise<void> {
  for (const [name, types] of [
    [table, STAGED],
    [erasedTable, ERASED],
  ] as const) {
    const columns = Object.entries(types).map(([column, type]) => sql`${sql.id(columnName(column))} ${sql.raw(type)}`);
    await sql`create temporary table ${sql.table(name)} (${sql.join(columns)}) ${end}`.execute(db);
  }
}

async function createIndex(db: Queries, table: string): Promise<void> {
  await sql`create index ${sql.id(`${table}_by_address`)} on ${sql.table(table)} (address_key, line)`.execute(db);
}

async function isAnyErased(db: Queries): Promise<boolean> {
  const query = db.selectFrom('suppressions').select('address_key').where('reason', '=', 'erased').limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

function rowStatement<Row extends object>(database: Database, table: string, types: { [Name in keyof Row]: string }) {
  return compileOnce<Row, unknown>(database, (value) => {
    const values = sql.join(Object.keys(types).map((name) => sql`${value(name as keyof Row & string)}`));
    return {
      compile: () => sql`insert into ${sql.table(table)} (${columnsIn(types)}) values (${values})`.compile(database.db),
    };
  });
}

function listStatement<Row extends object>(
  database: Database,
  table: string,
  types: { readonly [Name in keyof Row]: 'int' | 'bigint' | 'text' },
) {
  return compileOnce<{ readonly [Name in keyof Row]: readonly Row[Name][] }, unknown>(database, (value) => ({
    compile: () =>
      sql`insert into ${sql.table(table)} (${columnsIn(types)}) select * from ${given(types, value as never)}`.compile(
        database.db,
      ),
  }));
}
