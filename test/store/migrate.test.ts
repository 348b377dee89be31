import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { migrate } from '../../src/store/migrate.js';
import { MIGRATIONS } from '../../src/store/migrations/index.js';
import { postgresDatabase } from '../../src/store/postgres.js';
import { openSqliteConnection, sqliteDatabase } from '../../src/store/sqlite.js';
import { aPost } from '../support/builders.js';
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

  it('keeps what a release knew of posts before a key could have several', async () => {
    const target = await freshTarget();
    const { db, engine } = databaseAt(target);
    await migrate(db.withTables(), engine, MIGRATIONS.slice(0, 9));
    const { body: _, ...head } = aPost({ keys: { path: 'a.md' } });
    const post = {
      source: 'blog',
      published_at: 1,
      news_at: 1,
      withdrawn_at: null,
      broken_where: null,
      broken_message: null,
    };
    await db
      .insertInto('posts')
      .values({ uid: 'a', head: JSON.stringify(head), ...post })
      .execute();
    await db.insertInto('post_keys').values({ source: 'blog', kind: 'path', value: 'a.md', uid: 'a' }).execute();
    await sql`insert into sources (name, first_collected_at) values ('blog', 5)`.execute(db);
    await db.destroy();
    const store = await openStore(target);
    const known = await store.posts.known(['blog']);
    expect(known.posts).toMatchObject([{ uid: 'a', post: { keys: { path: 'a.md' } } }]);
    expect(known.keys).toEqual([{ source: 'blog', kind: 'path', value: 'a.md', uid: 'a' }]);
    expect(known.firstCollected).toEqual(new Map([['blog', new Date(5)]]));
    expect([known.lookedAt.size, known.suspicions.size]).toEqual([0, 0]);
    await store.close();
  });

  it('by several at the same moment makes its tables once', async () => {
    const target = await freshTarget();
    const stores = await Promise.all([openStore(target), openStore(target), openStore(target)]);
    for (const store of stores) await store.close();
    expect(stores).toHaveLength(3);
  });
});
