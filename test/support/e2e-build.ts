/** Builds `dist` once before the tests that run the program as its users do, where it is older than its sources. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'dist', 'main.js');
const BUILT_FROM = ['src', 'package.json', 'esbuild.config.mjs', 'tsconfig.json', 'tsconfig.build.json'];

/** Called by vitest before the first end-to-end test. */
export default function build(): void {
  const newest = Math.max(...BUILT_FROM.map((path) => newestIn(join(ROOT, path))));
  if (existsSync(MAIN) && statSync(MAIN).mtimeMs >= newest) return;
  const begun = new Date();
  execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  // A source saved while the compiler ran must count as newer.
  utimesSync(MAIN, begun, begun);
}

function newestIn(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
