/**
 * Copying tables from one database into a SQLite database: what is made anew asks for (laws §5.2), or everything.
 */
import { sql } from 'kysely';
import type { Database, Queries } from './database.js';
import { PAGE_ROWS, pagesOf } from './pages.js';
import type { SqliteConnection } from './sqlite.js';
import { storeErrorFrom } from './store-error.js';
import type { Tables } from './tables.js';

export interface CopiedTable {
  readonly name: keyof Tables;
  /** A unique key to page by. */
  readonly key: readonly string[];
}

const ROWS_AT_ONCE = 100;

/** Editions, deliveries and attempts of past issues stay behind: nothing that is made anew asks for them. */
export const FOR_A_SCRATCH: readonly CopiedTable[] = [
  { name: 'sources', key: ['name'] },
  { name: 'posts', key: ['uid'] },
  { name: 'post_bodies', key: ['uid'] },
  { name: 'post_keys', key: ['source', 'kind', 'value'] },
  { name: 'newsletters', key: ['id'] },
  { name: 'issues', key: ['id'] },
  { name: 'skips', key: ['newsletter', 'occurrence'] },
  { name: 'fates', key: ['newsletter', 'uid'] },
  { name: 'subscribers', key: ['id'] },
  { name: 'subscriptions', key: ['newsletter', 'subscriber'] },
  { name: 'suppressions', key: ['address_key'] },
];

/** All that lasts: routes are emptied by the freeze that filled them, and what processes share holds for one store only. */
export const EVERYTHING: readonly CopiedTable[] = [
  ...FOR_A_SCRATCH,
  { name: 'editions', key: ['id'] },
  { name: 'deliveries', key: ['issue', 'subscriber'] },
  { name: 'attempts', key: ['issue', 'subscriber', 'attempt'] },
];

/** Copies from a database file, as it is at one moment, without locking its writers out. */
export function copyFromFile(connection: SqliteConnection, file: string, tables: readonly CopiedTable[]): void {
  try {
    connection.prepare('attach ? as origin').run(file);
    // Deferred, unlike every other transaction: an immediate one would take the write lock of the origin too.
    connection.exec('begin deferred');
    for (const { name } of tables) connection.exec(`insert into main.${name} select * from origin.${name}`);
    connection.exec('commit');
    connection.exec('detach origin');
  } catch (error) {
    throw storeErrorFrom(error);
  }
}

/** Copies from any database, page by page, as it is at one moment. */
export async function copyByPages(from: Database, to: Database, tables: readonly CopiedTable[]): Promise<void> {
  const snapshot =
    from.engine === 'postgres' ? from.db.transaction().setIsolationLevel('repeatable read') : from.db.transaction();
  await snapshot.execute(async (origin) => {
    await to.db.transaction().execute(async (trx) => {
      for (const table of tables) await copyTable(origin, trx, table);
    });
  });
}

type AnyRow = { readonly [column: string]: unknown };

async function copyTable(from: Queries, to: Queries, { name, key }: CopiedTable): Promise<void> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const pages = pagesOf<AnyRow>(async (after) => {
    const following = after && sql`where (${columns}) > (${sql.join(key.map((column) => after[column]))})`;
    const { rows } = await sql<AnyRow>`select * from ${sql.table(name)} ${following ?? sql``}
      order by ${columns} limit ${PAGE_ROWS}`.execute(from);
    return rows;
  });
  let run: AnyRow[] = [];
  for await (const row of pages) {
    run.push(row);
    if (run.length < ROWS_AT_ONCE) continue;
    await insertRows(to, name, run);
    run = [];
  }
  if (run.length > 0) await insertRows(to, name, run);
}

async function insertRows(to: Queries, name: keyof Tables, rows: readonly AnyRow[]): Promise<void> {
  await to
    .insertInto(name)
    .values(rows as never)
    .execute();
}
