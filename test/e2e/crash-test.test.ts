/** The crash test as a developer runs it, in its short form: the rule `once` on every change, on both databases. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/index.js';
import { aFolder, type Env, gazette, ROOT } from '../support/e2e-gazette.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Runs the tool; its temporary files go to `folder`. */
function startCrashTest(args: readonly string[], folder: string, env: Env = {}): Run {
  const { PATH = '', HOME = '', DATABASE_URL: _, ...rest } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'tools/crash-test/main.ts'), ...args], {
    cwd: ROOT,
    env: { ...rest, PATH, HOME, TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = new Promise<Awaited<Run['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

async function crashTest(args: readonly string[], folder: string, env: Env = {}) {
  const { code, stdout, stderr } = await startCrashTest([...args, '--json'], folder, env).ended;
  expect(stdout, stderr).toMatch(/^\{.*\}\n$/);
  return { code, json: JSON.parse(stdout) };
}

/** What is left in the folder of temporary files, but for what the runner of TypeScript keeps there. */
async function leftIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith('tsx-') && !name.startsWith('node-'));
}

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

function expectKept(json: Awaited<ReturnType<typeof crashTest>>['json']): void {
  expect(json).toMatchObject({ ok: true, kills: 8, readers: 300, lost: 0, unexplained: 0, seed: 5 });
  expect(json).toMatchObject({ findings: [], failures: [] });
  expect(json.repeated).toBeLessThanOrEqual(json.allowed);
  expect(json.counts).toMatchObject({ all: 300, planned: 0, claimed: 0, attempted: 0 });
}

it('loses nobody when the sender is killed eight times, repeats only what was in doubt, and leaves nothing behind', async () => {
  const folder = await aFolder();
  const { code, json } = await crashTest(['--kills', '8', '--readers', '300', '--seed', '5'], folder);
  expectKept(json);
  expect(json.database).toBe('sqlite');
  // A quiet server would prove nothing. A no that was in doubt at a kill is heard again.
  expect(json.faults['no-such-mailbox']).toBeGreaterThanOrEqual(json.counts.rejected);
  expect(json.counts.rejected).toBeGreaterThan(0);
  expect(json.faults['reply-withheld']).toBeGreaterThan(0);
  expect(code).toBe(0);
  expect(await leftIn(folder)).toEqual([]);
});

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

it('refuses more kills than the issue has room for', async () => {
  const { code, json } = await crashTest(['--kills', '50', '--readers', '100'], await aFolder());
  expect(code).toBe(2);
  expect(json.error.message).toContain('50 kills do not fit into an issue with 100 readers.');
});

it('is no command of the program', async () => {
  const { code, stdout } = await gazette(['--help'], { folder: await aFolder() });
  expect(code).toBe(0);
  expect(stdout).not.toContain('selftest');
});
