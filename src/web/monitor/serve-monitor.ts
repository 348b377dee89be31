/** The monitoring endpoints on a port of their own, which should not be reachable from the internet. */
import { once } from 'node:events';
import { openHttp } from '../http-server.js';
import { type MonitorDeps, openMonitor } from './open-monitor.js';

export interface MonitorOptions extends MonitorDeps {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly signal: AbortSignal;
}

/** Serves until the signal is aborted. Throws `usage` when the port is taken. */
export async function serveMonitor({ port, host, signal, ...deps }: MonitorOptions): Promise<void> {
  const monitor = openMonitor(deps, signal);
  const server = await openHttp({ fetch: (request) => monitor.fetch(request), port, host, option: '--metrics-port' });
  deps.log.info('monitor.opened', { port: server.port });
  if (!signal.aborted) await once(signal, 'abort');
  await server.close(0);
}
