/** Builds a folder with Eleventy once, and tells its parent what that cost. Usage: a process of `sources.ts`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { Cost } from './collect-once.js';

interface Build {
  write(): Promise<unknown>;
}

const [, , posts, installed] = process.argv as [string, string, string, string];
// Eleventy takes paths relative to the working folder.
process.chdir(join(posts, '..'));
const entry = createRequire(join(installed, 'package.json')).resolve('@11ty/eleventy');
const { default: Eleventy } = (await import(pathToFileURL(entry).href)) as {
  default: new (input: string, output: string, options: object) => Build;
};
const begun = performance.now();
await new Eleventy('posts', '../../built', { quietMode: true }).write();
const ms = Math.round(performance.now() - begun);
const cost: Cost = { ms, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) };
process.send?.(cost, () => process.disconnect());
