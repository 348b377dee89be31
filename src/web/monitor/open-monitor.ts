/** The door for those who watch the service: is it alive, is it ready, how does everything stand. It shows no address. */
import { Hono } from 'hono';
import type { AppCommands } from '../../app-commands.js';
import { metricsText } from './metrics.js';

export type MonitorCommands = Pick<AppCommands, 'status' | 'copiedAt' | 'log'>;

const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** @param signal aborted: not ready any more, so that nobody sends work here */
export function openMonitor(flows: MonitorCommands, signal: AbortSignal): Hono {
  const app = new Hono();
  app.get('/healthz', (context) => context.json({ ok: true }));
  app.get('/readyz', async (context) => {
    const why = await whyNotReady(flows, signal);
    return why === undefined ? context.json({ ok: true }) : context.json({ ok: false, reason: why }, 503);
  });
  app.get('/metrics', async (context) => {
    const text = await metricsText(await flows.status());
    return context.body(text, 200, { 'Content-Type': PROMETHEUS_TEXT });
  });
  app.onError((error, context) => {
    flows.log.error('monitor.failed', { path: context.req.path, reason: error.message });
    return context.json({ ok: false }, 500);
  });
  return app;
}

async function whyNotReady(flows: MonitorCommands, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return 'it is asked to stop';
  try {
    return (await flows.copiedAt()) ? 'the database is a copy that nobody adopted' : undefined;
  } catch {
    return 'the database does not answer';
  }
}
