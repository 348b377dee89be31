import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgresStore, openSqliteStore } from '../../src/store/index.js';
import { openSqliteConnection, type SqliteConnection, sqliteDatabase } from '../../src/store/sqlite.js';
import { storeErrorFrom } from '../../src/store/store-error.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { aReader, NOON } from '../support/store-plans.js';

describe('a SQLite database', () => {
  let folder: string;
  let path: string;
  let connection: SqliteConnection;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gazette-store-'));
    path = join(folder, 'gazette.db');
    await (await openSqliteStore({ path })).close();
    connection = openSqliteConnection(path);
  });

  afterEach(async () => {
    if (connection.isOpen) connection.close();
    await rm(folder, { recursive: true });
  });

  const write = () =>
    sqliteDatabase(connection, path)
      .db.insertInto('post_bodies')
      .values({ uid: 'a', body: 'x'.repeat(10_000), body_key: '', broken: null })
      .execute();

  it('that another process keeps locked says so', async () => {
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    connection.exec('pragma busy_timeout = 1');
    const error = { name: 'GazetteError', code: 'store.locked', hint: expect.stringContaining('Another process') };
    await expect(write()).rejects.toMatchObject(error);
    other.close();
  });

  it('that may not be written says so', async () => {
    connection.exec('pragma query_only = on');
    await expect(write()).rejects.toMatchObject({ code: 'store.read-only', cause: { errcode: 8 } });
  });

  it('says so as well where a statement returns rows', async () => {
    connection.exec('pragma query_only = on');
    const { db } = sqliteDatabase(connection, path);
    const returning = db.insertInto('newsletters').values({ id: 'weekly', head: 1 }).returning('id').execute();
    await expect(returning).rejects.toMatchObject({ code: 'store.read-only' });
    connection.exec('pragma query_only = off; pragma busy_timeout = 1');
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    const locked = db.insertInto('newsletters').values({ id: 'weekly', head: 1 }).returning('id').execute();
    await expect(locked).rejects.toMatchObject({ code: 'store.locked' });
    other.close();
  });

  it('on a full disk says so, and keeps nothing of the transaction', async () => {
    const { page_count: pages } = connection.prepare('pragma page_count').get() as { page_count: number };
    connection.exec(`pragma max_page_count = ${pages}; pragma foreign_keys = off`);
    const { db } = sqliteDatabase(connection, path);
    const written = db.transaction().execute(async (trx) => {
      await trx.insertInto('newsletters').values({ id: 'weekly', head: 1 }).execute();
      await trx
        .insertInto('post_bodies')
        .values({ uid: 'a', body: 'x'.repeat(10_000), body_key: '', broken: null })
        .execute();
    });
    await expect(written).rejects.toMatchObject({ code: 'store.full' });
    expect(await db.selectFrom('newsletters').selectAll().execute()).toEqual([]);
  });

  it('whose folder does not exist names the folder as the cause to look at', async () => {
    const opened = openSqliteStore({ path: join(folder, 'nowhere', 'gazette.db') });
    await expect(opened).rejects.toMatchObject({
      code: 'store.failed',
      hint: expect.stringContaining('folder exists'),
    });
  });

  it('that is some other file is refused', async () => {
    const other = join(folder, 'letter.txt');
    await writeFile(other, 'Dear reader, '.repeat(1_000));
    const error = { code: 'store.failed', message: expect.stringContaining('is not one') };
    await expect(openSqliteStore({ path: other })).rejects.toMatchObject(error);
  });
});

describe('a Postgres database', () => {
  let postgres: TestPostgres;

  beforeAll(async () => {
    postgres = await startPostgres();
  });

  afterAll(() => postgres?.stop());

  it('that takes no writes says so', async () => {
    const url = await postgres.freshUrl();
    await (await openPostgresStore({ url })).close();
    const store = await openPostgresStore({ url: `${url}%20-c%20default_transaction_read_only%3Don` });
    const added = store.audience.add('weekly', [aReader('ann')], NOON);
    await expect(added).rejects.toMatchObject({ code: 'store.read-only', hint: expect.stringContaining('primary') });
    await store.close();
  });

  it('that is not there says so', async () => {
    const url = (await postgres.freshUrl()).replace('/postgres?', '/nothing?');
    const error = { code: 'store.failed', message: expect.stringContaining('no database of this name') };
    await expect(openPostgresStore({ url })).rejects.toMatchObject(error);
  });

  it('whose server does not answer says so', async () => {
    const opened = openPostgresStore({ url: 'postgres://postgres@127.0.0.1:1/postgres' });
    await expect(opened).rejects.toMatchObject({ code: 'store.failed', hint: expect.stringContaining('DATABASE_URL') });
  });
});

describe('an error of a server', () => {
  it.each([
    ['53100', 'store.full'],
    ['55P03', 'store.locked'],
    ['25006', 'store.read-only'],
    ['23505', 'store.failed'],
  ])('with the SQLSTATE %s is %s', (sqlState, code) => {
    const cause = Object.assign(new Error('said the server'), { code: sqlState });
    expect(storeErrorFrom(cause)).toMatchObject({ code, cause });
  });
});
