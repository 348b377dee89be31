/** The monitor on a port of its own, which should not be on the internet. */
import { once } from 'node:events';
import { openHttp } from '../http-server.js';
import { type MonitorCommands, openMonitor } from './open-monitor.js';

export interface MonitorOptions {
  readonly flows: MonitorCommands;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly signal: AbortSignal;
}

/** Serves until the signal is aborted. Throws `usage` when the port is taken. */
export async function serveMonitor({ flows, port, host, signal }: MonitorOptions): Promise<void> {
  const monitor = openMonitor(flows, signal);
  const server = await openHttp({ fetch: (request) => monitor.fetch(request), port, host, option: '--metrics-port' });
  flows.log.info('monitor.opened', { port: server.port });
  if (!signal.aborted) await once(signal, 'abort');
  await server.close(0);
}
