/**
 * A database of the crash test's own: a schema of the Postgres that `DATABASE_URL` names, a file beside the SQLite file
 * that it names, or else a file of its own. It is gone afterwards.
 */
import { randomBytes } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { GazetteError } from '../../src/domain/errors.js';

export interface OwnDatabase {
  readonly kind: 'sqlite' | 'postgres';
  /** For `DATABASE_URL`. */
  readonly url: string;
  remove(): Promise<void>;
}

/** Throws `store.exists` when the database that `databaseUrl` names holds data of Gazette. */
export async function openOwnDatabase(databaseUrl: string | undefined, otherwise: string): Promise<OwnDatabase> {
  if (databaseUrl === undefined || databaseUrl === '') return sqliteFile(otherwise);
  if (/^postgres(?:ql)?:\/\//.test(databaseUrl)) return postgresSchema(databaseUrl);
  const path = resolve(databaseUrl);
  if ((await stat(path).catch(() => undefined))?.size) throw inUse('The file that DATABASE_URL names');
  return sqliteFile(join(dirname(path), `${newName()}.db`));
}

function sqliteFile(path: string): OwnDatabase {
  const remove = async () => {
    for (const ending of ['', '-wal', '-shm']) await rm(`${path}${ending}`, { force: true });
  };
  return { kind: 'sqlite', url: path, remove };
}

async function postgresSchema(databaseUrl: string): Promise<OwnDatabase> {
  const schema = newName();
  await onPostgres(databaseUrl, async (client) => {
    for (const table of await tablesOfGazette(client)) {
      const { rows } = await client.query(`select 1 from ${table} limit 1`);
      if (rows.length > 0) throw inUse(`The table ${table} of the database that DATABASE_URL names`);
    }
    await client.query(`create schema ${schema}`);
  });
  const url = new URL(databaseUrl);
  // Of several settings of one name the last one counts.
  url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} -c search_path=${schema}`.trim());
  return {
    kind: 'postgres',
    url: url.href,
    remove: () => onPostgres(databaseUrl, (client) => client.query(`drop schema ${schema} cascade`)),
  };
}

/** Gazette's tables in every schema, quoted. */
async function tablesOfGazette(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ table: string }>(
    `select format('%I.%I', schemaname, tablename) as table from pg_tables
      where tablename <> 'schema_versions' and schemaname in (
        select schemaname from pg_tables where tablename in ('schema_versions', 'deliveries')
          group by schemaname having count(*) = 2)`,
  );
  return rows.map(({ table }) => table);
}

async function onPostgres(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function newName(): string {
  return `gazette_crash_test_${randomBytes(6).toString('hex')}`;
}

function inUse(what: string): GazetteError {
  return new GazetteError('store.exists', `${what} holds data.`, {
    hint: 'Give the crash test a database that nothing else uses, or unset DATABASE_URL.',
  });
}
