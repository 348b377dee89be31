/** The crash test on Postgres, on a file of the operator, and when it is stopped. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/index.js';
import { crashTest, expectKept, leftIn, startCrashTest } from '../support/e2e-crash-test.js';
import { aFolder } from '../support/e2e-gazette.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** Without those of Postgres itself, which keeps the schemas of temporary tables. */
async function schemasOf(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname !~ '^pg_' order by 1",
  );
  await client.end();
  return rows.map(({ name }) => name);
}

it('keeps the same promise on the Postgres that DATABASE_URL names, in a schema of its own', async () => {
  const folder = await aFolder();
  const url = await postgres.freshUrl();
  const before = await schemasOf(url);
  const args = ['--kills', '8', '--readers', '300', '--seed', '5'];
  const { code, json } = await crashTest(args, folder, { DATABASE_URL: url });
  expectKept(json);
  expect(json.database).toBe('postgres');
  expect(code).toBe(0);
  expect(await leftIn(folder)).toEqual([]);
  expect(await schemasOf(url)).toEqual(before);
});

it('refuses a Postgres that Gazette is used on, in whichever schema', async () => {
  const store = await openPostgresStore({ url: await postgres.freshUrl() });
  try {
    await store.audience.suppress('reader@example.org', 'manual', new Date());
    const { code, json } = await crashTest(['--kills', '0', '--readers', '20'], await aFolder(), {
      DATABASE_URL: await postgres.freshUrl(),
    });
    expect(json.error).toMatchObject({ code: 'store.exists' });
    expect(code).toBe(1);
  } finally {
    await store.close();
  }
});

it('refuses an SQLite file that is in use, and keeps out of the operator’s other settings', async () => {
  const folder = await aFolder();
  const path = join(folder, 'own.db');
  const env = { DATABASE_URL: path, SMTP_URL: 'smtp://mail.example.org', GAZETTE_RATE: 'nonsense' };
  const first = await crashTest(['--kills', '0', '--readers', '20'], folder, env);
  expect(first.json).toMatchObject({ ok: true, kills: 0, readers: 20 });
  expect(await leftIn(folder)).toEqual([]);

  await writeFile(path, 'data');
  const second = await crashTest(['--kills', '0', '--readers', '20'], folder, env);
  expect(second.json.error).toMatchObject({ code: 'store.exists' });
  expect(await leftIn(folder)).toEqual(['own.db']);
});

it('stops when it is asked to, and tidies up', async () => {
  const folder = await aFolder();
  const run = startCrashTest(['--kills', '50', '--readers', '2000', '--json'], folder);
  run.child.stderr?.on('data', (chunk: Buffer) => {
    if (chunk.includes(' of 50 kills')) run.child.kill('SIGINT');
  });
  const { code, stdout } = await run.ended;
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'send.stopped' } });
  expect(code).toBe(4);
  expect(await leftIn(folder)).toEqual([]);
});
