/** Serves the studio on a port until it is stopped; then messages being transmitted are settled. */
import type { Studio } from '../../studio/index.js';
import { openHttp } from '../http-server.js';
import { openStudioSite, type StudioSiteOptions } from './open-studio-site.js';

export interface ServeStudioOptions extends Pick<StudioSiteOptions, 'asset'> {
  readonly studio: Studio;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Other names the site is reached by, such as a tunnel's. */
  readonly names: readonly string[];
  /** What an editor needs to enter; absent on loopback. */
  readonly token?: string;
  /** @param url includes the token, if there is one */
  onListening(url: string): void;
}

const DRAIN_MS = 2_000;

/** Throws `usage` when the port is taken. */
export async function serveStudio(options: ServeStudioOptions): Promise<void> {
  const { studio, asset, port, host, names, token } = options;
  const hosts = new Set<string>();
  const site = openStudioSite({ studio, asset, hosts, ...(token !== undefined && { session: { token } }) });
  const server = await openHttp({ fetch: (request) => site.fetch(request), port, host, option: '--port' });
  try {
    for (const name of hostNames(host, server.port, names)) hosts.add(name);
    studio.log.info('studio.opened', { url: server.url });
    options.onListening(token === undefined ? `${server.url}/` : `${server.url}/?token=${token}`);
    await studio.followSending();
  } finally {
    await server.close(DRAIN_MS);
  }
}

/** The values of `Host` that a browser may send; with DNS rebinding it sends others. */
function hostNames(host: string, port: number, names: readonly string[]): readonly string[] {
  const own = host.includes(':') ? `[${host}]` : host;
  const all = ['localhost', '127.0.0.1', '[::1]', own, ...names];
  return [...new Set(all.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`, ...names])))].map(
    (name) => name.toLowerCase(),
  );
}
