/**
 * What reading an archive costs: collecting and planning a folder of posts, cold and with nothing changed, against Eleventy's own
 * build of that folder, in one run; and how much memory it takes at a tenth of the posts and at all. There are no readers, so
 * that no mail is rendered. `-- --json` prints `{posts, coldVsEleventy, warmVsCold, memoryRatio, …}`. The same on Postgres is shown
 * without a bar.
 */
import { execFile, fork } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPostgres } from '../../test/support/postgres.js';
import type { Cost, Costs } from './collect-once.js';
import { writeArchive } from './write-archive.js';

const POSTS = Number(process.env.POSTS ?? 15_000);
const ELEVENTY = '3.1.8';
const BARS = { coldVsEleventy: 0.5, warmVsCold: 0.05, memoryRatio: 1.3 } as const;

const { DATABASE_URL: _, ...environment } = process.env;
const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'gazette-bench-sources-'));
try {
  const few = join(folder, 'few');
  const all = join(folder, 'all');
  await writeArchive(few, POSTS / 10);
  await writeArchive(all, POSTS);
  const eleventy = await measured<Cost>('build-eleventy', join(all, 'content', 'posts'), await installEleventy());
  const small = await measured<Costs>('collect-once', few);
  const { cold, warm, peakMb } = await measured<Costs>('collect-once', all);
  const postgres = await onPostgres((url) => measuredOn<Costs>(url, 'collect-once', all));
  const ratios = {
    coldVsEleventy: round(cold.ms / eleventy.ms),
    warmVsCold: round(warm.ms / cold.ms),
    memoryRatio: round(peakMb / small.peakMb),
  };
  if (process.argv.includes('--json')) {
    const figures = { eleventy, cold, warm, peakMb, small, postgres };
    process.stdout.write(`${JSON.stringify({ posts: POSTS, ...ratios, ...figures })}\n`);
  } else {
    const rows: [string, Cost][] = [
      [`Eleventy ${ELEVENTY}, build`, eleventy],
      ['collect and plan, cold', cold],
      ['with nothing changed', warm],
      ['on Postgres, cold', postgres.cold],
      ['with nothing changed', postgres.warm],
    ];
    for (const [what, { ms, cpuMs }] of rows) {
      process.stdout.write(`${what.padEnd(28)}${seconds(ms)} s${seconds(cpuMs)} s of processor time\n`);
    }
    for (const [name, bar] of Object.entries(BARS)) {
      process.stdout.write(`${name.padEnd(28)}${String(ratios[name as keyof typeof BARS]).padStart(8)} (bar ${bar})\n`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function installEleventy(): Promise<string> {
  const place = join(folder, 'eleventy');
  await mkdir(place);
  await run('npm', ['install', '--prefix', place, '--no-audit', '--no-fund', `@11ty/eleventy@${ELEVENTY}`]);
  return place;
}

async function onPostgres<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const server = await startPostgres();
  try {
    return await work(await server.freshUrl());
  } finally {
    await server.stop();
  }
}

/** Runs a measurement in a process of its own: its peak memory is nobody else's. */
function measured<Figures>(program: string, ...args: string[]): Promise<Figures> {
  return measuredOn(undefined, program, ...args);
}

function measuredOn<Figures>(database: string | undefined, program: string, ...args: string[]): Promise<Figures> {
  const env = { ...environment, ...(database !== undefined && { DATABASE_URL: database }) };
  const child = fork(fileURLToPath(new URL(`./${program}.ts`, import.meta.url)), args, { env });
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as Figures));
    child.once('exit', (code) => reject(new Error(`${program} ended with code ${code} and no figure.`)));
  });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2).padStart(8);
}
