/** Brings a database up to this release under a lock, or refuses one that is ahead of it (`store.version`). */
import { type Kysely, sql } from 'kysely';
import { GazetteError } from '../domain/errors.js';
import { useByteOrder } from './byte-order.js';
import type { Engine, Migration } from './migration.js';
import { MIGRATIONS } from './migrations/index.js';

// "gazette" in ASCII, cut to fit: any fixed number serves, as long as every release takes the same.
const POSTGRES_LOCK = 0x67617a65;

interface VersionTable {
  schema_versions: { version: number; name: string };
}

/** Runs the migrations a database lacks, all or none. Throws `store.version` for a database of a newer release. */
export async function migrate(
  db: Kysely<VersionTable>,
  engine: Engine,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  // Looking first without the lock lets a reader open the database while another process writes.
  if ((await versionOf(db, engine)) === migrations.length) return;
  await db.transaction().execute(async (trx) => {
    if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${POSTGRES_LOCK})`.execute(trx);
    const version = await versionOf(trx, engine);
    if (version > migrations.length) throw newerDatabase(version, migrations.length);
    if (version === 0) await createVersions(trx);
    for (const [index, migration] of migrations.entries()) {
      if (index < version) continue;
      await migration.up(trx as unknown as Kysely<unknown>, engine);
      await trx
        .insertInto('schema_versions')
        .values({ version: index + 1, name: migration.name })
        .execute();
    }
    if (engine === 'postgres') await useByteOrder(trx as unknown as Kysely<never>);
  });
}

/** How many migrations a database has had; 0 for an empty one. */
async function versionOf(db: Kysely<VersionTable>, engine: Engine): Promise<number> {
  const { rows: tables } =
    engine === 'sqlite'
      ? await sql`select 1 from sqlite_master where type = 'table' and name = 'schema_versions'`.execute(db)
      : await sql`select 1 from pg_tables where schemaname = current_schema() and tablename = 'schema_versions'`.execute(
          db,
        );
  if (tables.length === 0) return 0;
  const row = await db
    .selectFrom('schema_versions')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst();
  return row?.version ?? 0;
}

async function createVersions(db: Kysely<VersionTable>): Promise<void> {
  await db.schema
    .createTable('schema_versions')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .execute();
}

function newerDatabase(version: number, known: number): GazetteError {
  return new GazetteError(
    'store.version',
    `The database has had ${version} migrations and this release knows ${known}: it was written by a newer Gazette.`,
  );
}
