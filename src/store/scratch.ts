/**
 * A private copy of what the ports show as memory, in a SQLite database without a name: it lives in memory and spills
 * to a temporary file, so that its size does not matter (laws §5.2).
 */
import { sql } from 'kysely';
import type { Database, Queries } from './database.js';
import { PAGE_ROWS, pagesOf } from './pages.js';
import type { SqliteConnection } from './sqlite.js';
import { storeErrorFrom } from './store-error.js';
import type { Tables } from './tables.js';

interface CopiedTable {
  readonly name: keyof Tables;
  /** A unique key to page by. */
  readonly key: readonly string[];
}

const ROWS_AT_ONCE = 100;

/** Editions, deliveries and attempts of past issues stay behind: nothing that is made anew asks for them. */
const COPIED: readonly CopiedTable[] = [
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

/** Copies from a database file, as it is at one moment, without locking its writers out. */
export function copyFromFile(connection: SqliteConnection, file: string): void {
  try {
    connection.prepare('attach ? as origin').run(file);
    // Deferred, unlike every other transaction: an immediate one would take the write lock of the origin too.
    connection.exec('begin deferred');
    for (const { name } of COPIED) connection.exec(`insert into main.${name} select * from origin.${name}`);
    connection.exec('commit');
    connection.exec('detach origin');
  } catch (error) {
    throw storeErrorFrom(error);
  }
}

/** Copies from any database, page by page, as it is at one moment. */
export async function copyByPages(from: Database, to: Database): Promise<void> {
  const snapshot =
    from.engine === 'postgres' ? from.db.transaction().setIsolationLevel('repeatable read') : from.db.transaction();
  await snapshot.execute(async (origin) => {
    await to.db.transaction().execute(async (trx) => {
      for (const table of COPIED) await copyTable(origin, trx, table);
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
