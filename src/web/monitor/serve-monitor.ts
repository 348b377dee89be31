/** The monitor on a port of its own, which should not be on the internet. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { GazetteError } from '../../domain/errors.js';
import { type MonitorFlows, openMonitor } from './open-monitor.js';

export interface MonitorOptions {
  readonly flows: MonitorFlows;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly signal: AbortSignal;
}

/** Serves until the signal is aborted. Throws `usage` when the port is taken. */
export async function serveMonitor({ flows, port, host, signal }: MonitorOptions): Promise<void> {
  const server = serve({ fetch: openMonitor(flows, signal).fetch, port, hostname: host }) as Server;
  await once(server, 'listening').catch((cause: Error) => {
    throw new GazetteError('usage', `Port ${port} cannot be opened: ${cause.message}.`, {
      hint: 'Name another with --metrics-port.',
      cause,
    });
  });
  flows.log.info('monitor.opened', { port: (server.address() as AddressInfo).port });
  if (!signal.aborted) await once(signal, 'abort');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
