/**
 * One process that sends an issue to every reader of a database through the real flow, ledger writes included:
 * `node --import tsx send-all.ts <database> <port> <kilobytes> <connections> [dkim]`. Prints what it took, as JSON.
 */
import { generateKeyPairSync } from 'node:crypto';
import pg from 'pg';
import { openUseCases } from '../../src/app-context.js';
import { openMailBuilder } from '../../src/deliver/message.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import { systemClock } from '../../src/platform/clock.js';
import { openStore } from '../../src/store/index.js';
import { aContext } from '../../test/support/app-context.js';
import { noFiles } from '../../test/support/deliver-files.js';
import { links } from '../../test/support/deliver-messages.js';
import { frozenIssue } from './populate.js';

const [database = '', port = '', kilobytes = '', connections = '', dkim] = process.argv.slice(2);

const statements = countStatements();
const store = await openStore(database);
const issue = await frozenIssue(store, Number(kilobytes));
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const key = { domain: 'fourth-floor.example.org', selector: 's1', privateKey };
const transport = openTransport(`smtp://127.0.0.1:${port}${connections === 'default' ? '' : `?pool=${connections}`}`, {
  files: noFiles,
  root: '/',
});
const deps = openUseCases({
  ...(await aContext({ store })),
  clock: systemClock,
  transport: () => transport,
  mailBuilder: openMailBuilder({ links, ...(dkim ? { dkim: [key] } : {}) }),
});

globalThis.gc?.();
const restMb = process.memoryUsage.rss() / 1e6;
let peakMb = restMb;
const watch = setInterval(() => {
  peakMb = Math.max(peakMb, process.memoryUsage.rss() / 1e6);
}, 50);
const before = statements.count;
const cpu = process.cpuUsage();
const startedMs = performance.now();
const { counts, stopped } = await deps.sending.sendPlanned(issue);
const seconds = (performance.now() - startedMs) / 1000;
const used = process.cpuUsage(cpu);
const statementsPerMail = (statements.count - before) / counts.accepted;
const marked = counts.rejected + counts.deferred + counts.unknown + (await suppressions());
clearInterval(watch);
await transport.close();
await store.close();
if (stopped || counts.accepted !== counts.all)
  throw new Error(`Not all was sent: ${JSON.stringify({ counts, stopped })}`);
const mails = counts.accepted;
console.log(
  JSON.stringify({
    mails,
    perSecond: mails / seconds,
    marked,
    cpuUs: (used.user + used.system) / mails,
    restMb,
    peakMb,
    statementsPerMail,
  }),
);

async function suppressions(): Promise<number> {
  let count = 0;
  for await (const _ of store.audience.suppressions()) count += 1;
  return count;
}

/** Counts what is sent to a Postgres: statements, begins and commits. */
function countStatements(): { count: number } {
  const counted = { count: 0 };
  const { query } = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  Object.assign(pg.Client.prototype, {
    query(this: pg.Client, ...args: unknown[]) {
      counted.count += 1;
      return query.apply(this, args);
    },
  });
  return counted;
}
