/**
 * One process that answers requests: `web-server.ts gazette|bare-pages|bare-clicks <database>`. Bare is the same HTTP library, which
 * answers the same bytes from memory, or writes one row: no signature, no form, no page.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { DatabaseSync } from '@photostructure/sqlite';
import { Hono } from 'hono';
import { openUseCases } from '../../src/app-context.js';
import { openMailBuilder } from '../../src/deliver/message.js';
import { openTransport } from '../../src/deliver/transports/index.js';
import { systemClock } from '../../src/platform/clock.js';
import { openStore } from '../../src/store/index.js';
import { servePublic } from '../../src/web/public/serve-public.js';
import { aContext } from '../../test/support/app-context.js';
import { noFiles } from '../../test/support/deliver-files.js';
import { links } from '../../test/support/deliver-messages.js';
import { publicSitePorts } from '../../test/support/public-site.js';

const [mode = '', target = ''] = process.argv.slice(2);
const CONNECTIONS = 10;
let sendIssue: (smtpPort: number) => Promise<number> = () => Promise.reject(new Error('Nothing to send.'));

if (mode === 'gazette') await startGazette();
else startBare(mode === 'bare-pages' ? barePages() : bareClicks());

const holds = watchHolds();
process.on('message', async (question: { readonly kind: string; readonly smtpPort?: number }) => {
  if (question.kind === 'send') return process.send?.(await sendIssue(question.smtpPort ?? 0));
  if (question.kind === 'hold') {
    process.send?.(holds.longestMs());
    return holds.reset();
  }
  if (question.kind === 'cpu') {
    const { user, system } = process.cpuUsage();
    return process.send?.((user + system) / 1000);
  }
  globalThis.gc?.();
  return process.send?.(process.memoryUsage.rss() / 1e6);
});

async function startGazette(): Promise<void> {
  const store = await openStore(target);
  const context = { ...(await aContext({ store })), clock: systemClock, publicSite: publicSitePorts() };
  const deps = openUseCases(context);
  sendIssue = async (smtpPort) => {
    const transport = openTransport(`smtp://127.0.0.1:${smtpPort}?pool=${CONNECTIONS}`, { files: noFiles, root: '/' });
    const sender = openUseCases({ ...context, transport: () => transport, mailBuilder: openMailBuilder({ links }) });
    const [issue] = await store.ledger.openIssues();
    if (!issue) throw new Error('No issue is frozen.');
    const startedMs = performance.now();
    const { counts } = await sender.sending.sendPlanned(issue);
    await transport.close();
    return (counts.accepted * 1000) / (performance.now() - startedMs);
  };
  const { signal } = new AbortController();
  const onListening = (url: string) => void process.send?.({ port: Number(new URL(url).port) });
  void servePublic({ readers: () => deps.readers.site(), port: 0, host: '127.0.0.1', signal, onListening });
}

function startBare(app: Hono): void {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
}

function barePages(): Hono {
  const pages = JSON.parse(readFileSync(target, 'utf8')) as { [path: string]: { type: string; body: string } };
  const app = new Hono();
  for (const [path, { type, body }] of Object.entries(pages)) {
    const bytes = new Uint8Array(Buffer.from(body));
    const headers = { 'Content-Type': type, ETag: '"bare"' };
    app.get(path, (context) =>
      context.req.header('If-None-Match') === '"bare"'
        ? context.body(null, 304, headers)
        : context.body(bytes, 200, headers),
    );
  }
  return app;
}

function bareClicks(): Hono {
  const db = new DatabaseSync(target);
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000');
  const write = db.prepare(
    `update subscriptions set state = 'unsubscribed' where newsletter = 'weekly' and subscriber = ?`,
  );
  // A statement does not keep its database from being collected.
  Object.assign(globalThis, { db });
  const app = new Hono();
  app.post('/u/:subscriber', (context) => {
    write.run(Number(context.req.param('subscriber')));
    return context.body('', 200);
  });
  return app;
}

/**
 * The longest time between two turns of a timer, at most the processor time that the process used meanwhile: a machine that gave its
 * processors to others is no hold of ours. Garbage collection and compressing in other threads are counted in, so that it is an upper bound.
 */
function watchHolds() {
  let longestMs = 0;
  const cpuMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  let [atMs, usedMs] = [performance.now(), cpuMs()];
  setInterval(() => {
    const [nowMs, nowUsedMs] = [performance.now(), cpuMs()];
    longestMs = Math.max(longestMs, Math.min(nowMs - atMs, nowUsedMs - usedMs));
    [atMs, usedMs] = [nowMs, nowUsedMs];
  }, 1).unref();
  return {
    longestMs: () => longestMs,
    reset: () => {
      longestMs = 0;
    },
  };
}
