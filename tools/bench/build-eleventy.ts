/** Builds a folder with Eleventy once, and tells its parent what that cost. Usage: a process of `sources.ts`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { costOf } from './collect-once.js';

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
const cost = await costOf(() => new Eleventy('posts', '../../built', { quietMode: true }).write());
process.send?.(cost, () => process.disconnect());
