/** The public door on a port: opens, tends what waits for a mail once a minute, and drains before it closes. */
import { openHttp } from '../http-server.js';
import { openPublicSite, type PublicSiteOptions } from './open-public-site.js';

export interface ServeOptions extends PublicSiteOptions {
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
  const door = openPublicSite({ ...options, signal });
  const { flows } = options;
  const server = await openHttp({
    fetch: (request, peerIp) => door.fetch(request, peerIp === undefined ? {} : { peerIp }),
    port,
    host,
    option: '--port',
  });
  flows.log.info('web.opened', { url: server.url });
  onListening?.(server.url);
  while (!signal.aborted) {
    await door.mailSignUps(signal);
    await flows.clock.sleep(TEND_EVERY_MS, signal);
  }
  await server.close(DRAIN_MS);
  await door.settled();
  flows.log.info('web.closed');
}
