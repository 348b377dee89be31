/** The monitoring endpoints: is the service alive, is it ready, and its metrics. They show no address. */
import { Hono } from 'hono';
import type { Log } from '../../domain/ports/host.js';
import type { Operate } from '../../operate/index.js';
import { metricsText } from './metrics.js';

export interface MonitorDeps {
  readonly operate: Pick<Operate, 'status' | 'copiedAt'>;
  readonly log: Log;
}

const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** @param signal aborted: no longer ready, so that a load balancer sends no more work here */
export function openMonitor(deps: MonitorDeps, signal: AbortSignal): Hono {
  const app = new Hono();
  app.get('/healthz', (context) => context.json({ ok: true }));
  app.get('/readyz', async (context) => {
    const reason = await whyNotReady(deps, signal);
    return reason === undefined ? context.json({ ok: true }) : context.json({ ok: false, reason }, 503);
  });
  app.get('/metrics', async (context) => {
    const text = await metricsText(await deps.operate.status());
    return context.body(text, 200, { 'Content-Type': PROMETHEUS_TEXT });
  });
  app.onError((error, context) => {
    deps.log.error('monitor.failed', { path: context.req.path, reason: error.message });
    return context.json({ ok: false }, 500);
  });
  return app;
}

async function whyNotReady({ operate }: MonitorDeps, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return 'the service is stopping';
  try {
    return (await operate.copiedAt()) ? 'the database is a copy that has not been adopted' : undefined;
  } catch {
    return 'the database does not answer';
  }
}
