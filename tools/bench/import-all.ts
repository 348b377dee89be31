/** One process that imports a made-up file: `node --import tsx import-all.ts <database> <rows>`. Prints what it took, as JSON. */
import { openImport } from '../../src/readers/import.js';
import { openStore } from '../../src/store/index.js';
import { aNewsletter } from '../../test/support/builders.js';
import { silentLog } from '../../test/support/logs.js';

const [database = '', rows = ''] = process.argv.slice(2);
const CHUNK = 1_000;

async function* file(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('email,name,consent_source,consent_at\n');
  for (let made = 0; made < Number(rows); made += CHUNK) {
    const lines = Array.from({ length: Math.min(CHUNK, Number(rows) - made) }, (_, nth) => {
      const number = made + nth;
      return `reader-${number}@example.com,Reader ${number},sign-up form,2025-09-03T10:12:00Z\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

const store = await openStore(database);
const { importSubscribers } = openImport({
  store,
  erasedKeys: () => [],
  log: silentLog,
});
const cpu = process.cpuUsage();
const startedMs = performance.now();
const { added } = await importSubscribers({ newsletter: aNewsletter(), source: file() }, new Date());
const seconds = (performance.now() - startedMs) / 1000;
const used = process.cpuUsage(cpu);
const cpuSeconds = (used.user + used.system) / 1e6;
const peakMb = process.resourceUsage().maxRSS / 1000;
await store.close();
if (added !== Number(rows)) throw new Error(`${added} of ${rows} readers were added.`);
console.log(JSON.stringify({ seconds, cpuSeconds, peakMb }));
