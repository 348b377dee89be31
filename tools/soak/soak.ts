/** `npm run soak`: ten years of two newsletters with kills, clock steps and late posts. `-- --json`, `--years`, `--seed`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runSoak } from './run-soak.js';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, years: { type: 'string' }, seed: { type: 'string' } },
});
const folder = await mkdtemp(join(tmpdir(), 'gazette-soak-'));
try {
  const years = Number(values.years ?? 10);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const report = await runSoak({ years, seed, file: join(folder, 'gazette.db') });
  console.log(values.json ? JSON.stringify(report) : report);
  process.exitCode = report.ok ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
