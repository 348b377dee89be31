/** The public door on a port: opens, tends what waits for a mail once a minute, and drains before it closes. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { GazetteError } from '../../domain/errors.js';
import { openPublicDoor, type PublicDoorOptions } from './open-public-door.js';

export interface ServeOptions extends PublicDoorOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Aborted: takes no new request, ends those that run, and returns. */
  readonly signal: AbortSignal;
  onListening?(url: string): void;
}

const TEND_EVERY_MS = 60_000;
/** A request that hangs longer is cut off, so that a restart is never held up. */
const DRAIN_MS = 10_000;

/** Serves until the signal is aborted. Throws `usage` when the port is taken. */
export async function servePublic({ port, host, signal, onListening, ...options }: ServeOptions): Promise<void> {
  const door = openPublicDoor({ ...options, signal });
  const { flows } = options;
  const server = serve({
    fetch: (request, env) => {
      const { incoming } = env as { readonly incoming?: { readonly socket: { readonly remoteAddress?: string } } };
      const peerIp = incoming?.socket.remoteAddress;
      return door.fetch(request, peerIp === undefined ? {} : { peerIp });
    },
    port,
    hostname: host,
    serverOptions: { requestTimeout: 30_000, headersTimeout: 15_000 },
  }) as Server;
  await listening(server, port);
  const address = server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const url = `http://${shownHost}:${address.port}`;
  flows.log.info('web.opened', { url });
  onListening?.(url);
  while (!signal.aborted) {
    await flows.tendSignUps(signal).catch((error: unknown) => flows.log.error('sign-ups.not-tended', { error }));
    await flows.clock.sleep(TEND_EVERY_MS, signal);
  }
  await drained(server);
  await door.settled();
  flows.log.info('web.closed');
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'another program uses it' : cause.message;
      reject(
        new GazetteError('usage', `Port ${port} cannot be opened: ${why}.`, {
          hint: 'Name another with --port.',
          cause,
        }),
      );
    });
  });
}

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
