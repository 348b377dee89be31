/**
 * What an import costs, against a bare bulk load of the same rows into the same tables: `npm run bench:import`, `-- --json`,
 * `-- --quick` (small numbers), `--engine=sqlite` or `--engine=postgres`, `--rows=1000000`. Each import runs in a process of its own, so that its peak of memory is its own.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPostgres } from '../../test/support/postgres.js';
import { loadBare } from './bare-load.js';

const isJson = process.argv.includes('--json');
const isQuick = process.argv.includes('--quick');
const given = (name: string) => process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1];
const rowsGiven = given('rows');
const SIZES = rowsGiven === undefined ? (isQuick ? [10_000, 50_000] : [10_000, 1_000_000]) : [Number(rowsGiven)];
const ENGINES = (['sqlite', 'postgres'] as const).filter((engine) => (given('engine') ?? engine) === engine);

interface Result {
  readonly engine: 'sqlite' | 'postgres';
  readonly rows: number;
  readonly seconds: number;
  readonly vsBareInsert: number;
  /** The same in processor time, without the database server's: other work of the machine does not change it. On SQLite it is all there is. */
  readonly vsBareCpu: number;
  readonly peakMb: number;
}

async function importInto(
  database: string,
  rows: number,
): Promise<{ readonly seconds: number; readonly cpuSeconds: number; readonly peakMb: number }> {
  const script = fileURLToPath(new URL('import-all.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, database, String(rows)]);
  return JSON.parse(stdout) as { seconds: number; cpuSeconds: number; peakMb: number };
}

const folder = await mkdtemp(join(tmpdir(), 'gazette-bench-import-'));
const postgres = await startPostgres(['fsync=on']);
try {
  const results: Result[] = [];
  for (const rows of SIZES) {
    for (const engine of ENGINES) {
      const fresh = async (name: string) =>
        engine === 'sqlite' ? join(folder, `${name}-${rows}.db`) : await postgres.freshUrl();
      const bare = await loadBare(await fresh('bare'), rows);
      const { seconds, cpuSeconds, peakMb } = await importInto(await fresh('import'), rows);
      const vsBareInsert = seconds / bare.seconds;
      const vsBareCpu = cpuSeconds / bare.cpuSeconds;
      const result = { engine, rows, seconds, vsBareInsert, vsBareCpu, peakMb };
      results.push(result);
      if (!isJson) {
        console.log(
          `${engine.padEnd(9)} ${rows.toLocaleString('en').padStart(9)} readers ${seconds.toFixed(1).padStart(6)} s, ` +
            `${result.vsBareInsert.toFixed(1)} times a bare load (${result.vsBareCpu.toFixed(1)} in CPU), peak ${peakMb.toFixed(0)} MB`,
        );
      }
    }
  }
  if (isJson) console.log(JSON.stringify(results));
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true });
}
