/**
 * Watches a run of the program from inside, loaded before it by `node --import`: writes the peak of its memory to the
 * file that E2E_OBSERVE names, which of the printing libraries were loaded and, where E2E_COUNT_MJML is set, how often
 * MJML ran.
 */
import { writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';

const { E2E_OBSERVE = '', E2E_COUNT_MJML } = process.env;
const seen = { mjmlRuns: 0 };
globalThis.mjmlRan = () => {
  seen.mjmlRuns += 1;
};

// Hooks run in a thread of their own, which would count as memory of the program.
if (E2E_COUNT_MJML) register('./e2e-count-mjml.mjs', import.meta.url);

process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  const files = Object.keys(createRequire(import.meta.url).cache).map((file) => file.replaceAll('\\', '/'));
  const loaded = ['handlebars', 'mjml'].filter((name) => files.some((file) => file.includes(`/node_modules/${name}/`)));
  writeFileSync(E2E_OBSERVE, JSON.stringify({ peakKilobytes: maxRSS, loaded, ...(E2E_COUNT_MJML && seen) }));
});
