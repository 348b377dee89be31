/**
 * What reading an archive costs: collecting and planning a folder of posts for the first time and when nothing has changed,
 * against Eleventy's own build of that folder, in one run; and how much memory it takes at a tenth of the posts and at all.
 * There are no readers, so that no mail is rendered. `-- --json` prints `{posts, coldVsEleventy, warmVsCold, memoryRatio, …}`.
 */
import { execFile, fork } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Cost } from './collect-once.js';
import { writeArchive } from './write-archive.js';

const POSTS = Number(process.env.POSTS ?? 15_000);
const ELEVENTY = '3.1.8';
const BARS = { coldVsEleventy: 0.5, warmVsCold: 0.05, memoryRatio: 1.3 } as const;

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'gazette-bench-sources-'));
try {
  const few = join(folder, 'few');
  const all = join(folder, 'all');
  await writeArchive(few, POSTS / 10);
  await writeArchive(all, POSTS);
  const small = await costOf('collect-once', few);
  const eleventy = await costOf('build-eleventy', join(all, 'content', 'posts'), await installEleventy());
  const cold = await costOf('collect-once', all);
  const warm = await costOf('collect-once', all);
  const ratios = {
    coldVsEleventy: round(cold.ms / eleventy.ms),
    warmVsCold: round(warm.ms / cold.ms),
    memoryRatio: round(cold.peakMb / small.peakMb),
  };
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ posts: POSTS, ...ratios, eleventy, cold, warm, small })}\n`);
  } else {
    const rows = { [`Eleventy ${ELEVENTY}, build`]: eleventy, 'collect and plan, cold': cold, 'the same, warm': warm };
    for (const [what, { ms, peakMb }] of Object.entries(rows)) {
      process.stdout.write(
        `${what.padEnd(30)}${(ms / 1000).toFixed(2).padStart(8)} s${String(peakMb).padStart(8)} MB\n`,
      );
    }
    for (const [name, bar] of Object.entries(BARS)) {
      process.stdout.write(`${name.padEnd(30)}${String(ratios[name as keyof typeof BARS]).padStart(8)} (bar ${bar})\n`);
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

/** Runs a measurement in a process of its own: its peak memory is nobody else's. */
function costOf(program: 'collect-once' | 'build-eleventy', ...args: readonly string[]): Promise<Cost> {
  const child = fork(fileURLToPath(new URL(`./${program}.ts`, import.meta.url)), args);
  return new Promise((resolve, reject) => {
    child.once('message', (cost) => resolve(cost as Cost));
    child.once('exit', (code) => reject(new Error(`${program} ended with code ${code} and no figure.`)));
  });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
