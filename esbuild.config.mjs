/**
 * Makes `dist` of `src`: `node esbuild.config.mjs`. The program's own files and its two libraries of many small files
 * become a few: Node spent more than half of a short command on finding and reading some five hundred of them. What is
 * drawn in stays among the dependencies, which bring its types and its licence.
 */
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const DRAWN_IN = ['kysely', 'zod'];
const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

// A file that is gone from the sources is gone from what is made of them.
rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });
const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
};
await build({
  ...common,
  entryPoints: ['src/main.ts', 'src/index.ts', 'src/testing.ts'],
  outdir: 'dist',
  // What is imported on demand stays a file of its own; all of them lie side by side, where `PACKAGE` finds its folder.
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  external: Object.keys(dependencies).filter((name) => !DRAWN_IN.includes(name)),
});
// A thread starts in a quarter of the time when its parsers are one file; some of them are CommonJS, and so is it.
const thread = { ...common, format: 'cjs', sourcemap: false };
await build({ ...thread, entryPoints: ['src/worker.ts'], outfile: 'dist/worker.cjs' });
await build({ ...thread, entryPoints: ['src/mjml-worker.ts'], outfile: 'dist/mjml-worker.cjs', external: ['mjml'] });
