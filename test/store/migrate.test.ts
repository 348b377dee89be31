import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { migrate } from '../../src/store/migrate.js';
import { MIGRATIONS } from '../../src/store/migrations/index.js';
import { postgresDatabase } from '../../src/store/postgres.js';
import { openSqliteConnection, sqliteDatabase } from '../../src/store/sqlite.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { aReader, listed, NOON } from '../support/store-plans.js';

let folder: string;
let postgres: TestPostgres;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-store-'));
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

async function freshFile(): Promise<string> {
  files += 1;
  return join(folder, `${files}.db`);
}

function databaseAt(target: string) {
  return target.startsWith('postgres:')
    ? postgresDatabase(target)
    : sqliteDatabase(openSqliteConnection(target), target);
}

describe.each([
  ['SQLite', freshFile],
  ['Postgres', () => postgres.freshUrl()],
])('opening a %s store', (_, freshTarget) => {
  it('a second time finds what the first has written', async () => {
    const target = await freshTarget();
    const first = await openStore(target);
    await first.audience.add('weekly', [aReader('ann')], NOON);
    await first.close();
    const second = await openStore(target);
    expect(await listed(second.audience.list())).toHaveLength(1);
    await second.close();
  });

  it('is refused when a newer release has written it, and leaves it alone', async () => {
    const target = await freshTarget();
    await (await openStore(target)).close();
    const { db, engine } = databaseAt(target);
    const next = { name: 'of-a-newer-release', up: async () => {} };
    await migrate(db.withTables(), engine, [...MIGRATIONS, next]);
    await expect(openStore(target)).rejects.toMatchObject({ code: 'store.version' });
    await expect(migrate(db.withTables(), engine, [...MIGRATIONS, next])).resolves.toBeUndefined();
    await db.destroy();
  });

  it('leaves nothing behind when a migration fails', async () => {
    const target = await freshTarget();
    const { db, engine } = databaseAt(target);
    const failing = {
      name: 'failing',
      up: async () => {
        throw new Error('the migration failed');
      },
    };
    await expect(migrate(db.withTables(), engine, [...MIGRATIONS, failing])).rejects.toThrow('the migration failed');
    await db.destroy();
    await (await openStore(target)).close();
  });

  it('by several at the same moment makes its tables once', async () => {
    const target = await freshTarget();
    const stores = await Promise.all([openStore(target), openStore(target), openStore(target)]);
    for (const store of stores) await store.close();
    expect(stores).toHaveLength(3);
  });
});
