import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { startPostgres } from '../support/postgres.js';

const SCRIPT = fileURLToPath(new URL('../support/store-turns.ts', import.meta.url));
const TURNS = 150;

async function takeTurns(target: string): Promise<readonly number[]> {
  const args = ['--import', 'tsx', SCRIPT, target, String(TURNS)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as number[];
}

it.each([
  [
    'SQLite',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'gazette-turns-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      return join(folder, 'gazette.db');
    },
  ],
  [
    'Postgres',
    async () => {
      const postgres = await startPostgres();
      onTestFinished(() => postgres.stop());
      return postgres.freshUrl();
    },
  ],
])('two processes on one %s store never take the same turn', async (_, freshTarget) => {
  const target = await freshTarget();
  await (await openStore(target)).close();
  const [one = [], two = []] = await Promise.all([takeTurns(target), takeTurns(target)]);
  expect(new Set([...one, ...two])).toEqual(new Set(Array.from({ length: 2 * TURNS }, (__, nth) => nth + 1)));
});
