/**
 * One process that plans, freezes and sends an issue of a workspace: `node --import tsx editions-run.ts <root> <database> <port>`.
 * Prints what each step took, as JSON.
 */
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from '@photostructure/sqlite';
import pg from 'pg';
import { openWorkspace } from '../../src/build-app.js';
import { newsletterNamed } from '../../src/domain/newsletter.js';
import { localFiles } from '../../src/platform/files.js';
import { parseHere } from '../../src/sources/index.js';
import { openStore } from '../../src/store/index.js';

const [root = '', database = '', port = ''] = process.argv.slice(2);

const env = {
  GAZETTE_SECRET: `k1:${randomBytes(24).toString('hex')}`,
  GAZETTE_PUBLIC_URL: 'https://news.example.org',
  SMTP_URL: `smtp://127.0.0.1:${port}?pool=10`,
};
const store = await openStore(database);
const { deps } = await openWorkspace(
  { env, folder: root, isTerminal: false, runParse: parseHere },
  localFiles(),
  root,
  {
    store,
  },
);
const newsletter = newsletterNamed(deps, 'weekly');

let peakMb = 0;
const watch = setInterval(() => {
  peakMb = Math.max(peakMb, process.memoryUsage.rss() / 1e6);
}, 20);

/** Runs a step; the longest that the event loop was held meanwhile is measured with a timer. */
async function timed<T>(work: () => Promise<T>) {
  globalThis.gc?.();
  peakMb = 0;
  let [last, heldMs] = [performance.now(), 0];
  const beat = setInterval(() => {
    heldMs = Math.max(heldMs, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  const result = await work();
  const used = process.cpuUsage(cpu);
  clearInterval(beat);
  peakMb = Math.max(peakMb, process.memoryUsage.rss() / 1e6);
  return { result, ms: performance.now() - begun, cpuMs: (used.user + used.system) / 1000, peakMb, heldMs };
}

const collect = await timed(() => deps.issues.plan({ newsletter }));
const plan = await timed(() => deps.issues.plan({ newsletter }));
const bytesBefore = await bytesIn(database);
const freeze = await timed(() => deps.issues.freezeNext({ newsletter, confirm: async () => true }));
const bytes = (await bytesIn(database)) - bytesBefore;
if (freeze.result.kind !== 'frozen') throw new Error(`The issue was not frozen: ${freeze.result.kind}.`);
const { issue } = freeze.result;
const send = await timed(() => deps.sending.sendPlanned(issue));
clearInterval(watch);
const { counts } = send.result;
if (counts.accepted !== counts.all) throw new Error(`Not all was sent: ${JSON.stringify(counts)}`);
const { result: _, ...planned } = plan;
process.stdout.write(
  JSON.stringify({
    editions: plan.result.editions.length,
    first: { ms: collect.ms },
    plan: planned,
    freeze: { ...freeze, result: undefined },
    send: { ...send, result: undefined, perSecond: (counts.accepted * 1000) / send.ms },
    bytes,
  }),
);
await deps.store.close();
process.exit(0);

/** Bytes of tables in use: pages that a freeze has emptied again are not counted. */
async function bytesIn(target: string): Promise<number> {
  if (!target.startsWith('postgres')) {
    const file = new DatabaseSync(target);
    const { bytes: used } = file
      .prepare(
        'select (p.page_count - f.freelist_count) * s.page_size as bytes from pragma_page_count p, pragma_freelist_count f, pragma_page_size s',
      )
      .get() as { bytes: number };
    file.close();
    return used;
  }
  const client = new pg.Client({ connectionString: target });
  await client.connect();
  const { rows } = await client.query<{ bytes: number }>(
    "select (pg_total_relation_size('editions') + pg_total_relation_size('pieces') + pg_total_relation_size('deliveries'))::float as bytes",
  );
  await client.end();
  return rows[0]?.bytes ?? 0;
}
