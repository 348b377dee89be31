/**
 * Copying tables from one database into a SQLite database: what is made anew asks for (rule: looking-changes-nothing), or everything.
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
  /** A condition in SQL: only these rows. */
  readonly only: string;
}

const ROWS_AT_ONCE = 100;

/** Routes are emptied by the freeze that filled them; the archive is made anew from posts and settings, looks from the files. */
type Fleeting = 'routes' | 'archive_posts' | 'archive_gone' | 'archive_stale' | 'archive_settings' | 'file_looks';

/**
 * How the keys of shared values begin that hold for the processes on one store alone: who is at work, how fast it sends, how
 * its readings went, that it is a copy. Every other one is memory – what an editor said and was told, since when a schedule
 * is followed – so a key that this code does not know is kept rather than lost.
 */
const FLEETING_KEYS = ['copy', 'forgot deliveries at', 'pace ', 'round ', 'source '] as const;

/** Every table that lasts, after those it refers to, with a unique key: a new table is a line here before it compiles. */
const LASTING: { readonly [name in Exclude<keyof Tables, Fleeting>]: readonly string[] } = {
  sources: ['name'],
  posts: ['uid'],
  post_bodies: ['uid'],
  post_keys: ['source', 'kind', 'value', 'uid'],
  newsletters: ['id'],
  issues: ['id'],
  skips: ['newsletter', 'occurrence'],
  post_outcomes: ['newsletter', 'uid'],
  subscribers: ['id'],
  subscriptions: ['newsletter', 'subscriber'],
  switches: ['newsletter', 'subscriber'],
  suppressions: ['address_key'],
  sign_ups: ['id'],
  tokens: ['hash'],
  pieces: ['id'],
  editions: ['id'],
  deliveries: ['issue', 'subscriber'],
  attempts: ['issue', 'subscriber', 'attempt'],
  tallies: ['issue'],
  feedback: ['id'],
  shared_state: ['key'],
};

const ONLY: { readonly [name in keyof Tables]?: string } = {
  shared_state: FLEETING_KEYS.map((start) => `key not like '${start}%'`).join(' and '),
};

/** Past issues’ mails, a person’s pending requests and words stay behind: nothing that is made anew asks for them. */
const NOT_FOR_A_SCRATCH: readonly (keyof Tables)[] = [
  'sign_ups',
  'tokens',
  'pieces',
  'editions',
  'deliveries',
  'attempts',
  'feedback',
  'shared_state',
];

export const EVERYTHING = (Object.keys(LASTING) as (keyof typeof LASTING)[]).map(
  (name): CopiedTable => ({ name, key: LASTING[name], only: ONLY[name] ?? 'true' }),
);
export const FOR_A_SCRATCH = EVERYTHING.filter(({ name }) => !NOT_FOR_A_SCRATCH.includes(name));

/** Readers and bodies, which only grow, are read from the original. */
const NOT_FOR_A_DRAFT: readonly (keyof Tables)[] = [
  'post_bodies',
  'subscribers',
  'subscriptions',
  'switches',
  'suppressions',
];

export const FOR_A_DRAFT = FOR_A_SCRATCH.filter(({ name }) => !NOT_FOR_A_DRAFT.includes(name));

/** Copies from a database file, as it is at one moment, without locking its writers out. */
export function copyFromFile(connection: SqliteConnection, file: string, tables: readonly CopiedTable[]): void {
  try {
    connection.prepare('attach ? as origin').run(file);
    // Deferred, unlike every other transaction: an immediate one would take the write lock of the origin too.
    connection.exec('begin deferred');
    for (const { name, only } of tables)
      connection.exec(`insert into main.${name} select * from origin.${name} where ${only}`);
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

async function copyTable(from: Queries, to: Queries, { name, key, only }: CopiedTable): Promise<void> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const pages = pagesOf<AnyRow>(async (after) => {
    const following = after && sql`and (${columns}) > (${sql.join(key.map((column) => after[column]))})`;
    const { rows } = await sql<AnyRow>`select * from ${sql.table(name)} where ${sql.raw(only)} ${following ?? sql``}
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
