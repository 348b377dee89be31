/**
 * One process that answers one-click POSTs: `node --import tsx web-server.ts <database> <port> gazette|bare`. Bare is the
 * same HTTP library with one write and nothing else: no signature, no form, no page.
 */
import { serve } from '@hono/node-server';
import { DatabaseSync } from '@photostructure/sqlite';
import { Hono } from 'hono';
import { openUseCases } from '../../src/app-context.js';
import { systemClock } from '../../src/platform/clock.js';
import { openSqliteStore } from '../../src/store/index.js';
import { servePublic } from '../../src/web/public/serve-public.js';
import { aContext } from '../../test/support/app-context.js';
import { publicSitePorts } from '../../test/support/public-site.js';

const [path = '', port = '', kind = ''] = process.argv.slice(2);

if (kind === 'bare') {
  const db = new DatabaseSync(path);
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
  serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' }, () => console.log('up'));
} else {
  const store = await openSqliteStore({ path });
  const deps = openUseCases({ ...(await aContext({ store })), clock: systemClock, publicSite: publicSitePorts() });
  const { signal } = new AbortController();
  const readers = deps.readers.site();
  await servePublic({ readers, port: Number(port), host: '127.0.0.1', signal, onListening: () => console.log('up') });
}
