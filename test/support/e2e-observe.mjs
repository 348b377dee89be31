/**
 * Watches a run of the program from inside, loaded before it by `node --import`: writes the peak of its memory to the
 * file that E2E_OBSERVE names and, where E2E_COUNT_MJML is set, how often MJML ran.
 */
import { writeFileSync } from 'node:fs';
import { register } from 'node:module';

const { E2E_OBSERVE = '', E2E_COUNT_MJML } = process.env;
const seen = { mjmlRuns: 0 };
globalThis.mjmlRan = () => {
  seen.mjmlRuns += 1;
};

// Hooks run in a thread of their own, which would count as memory of the program.
if (E2E_COUNT_MJML) register('./e2e-count-mjml.mjs', import.meta.url);

process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  writeFileSync(E2E_OBSERVE, JSON.stringify({ peakKilobytes: maxRSS, ...(E2E_COUNT_MJML && seen) }));
});
