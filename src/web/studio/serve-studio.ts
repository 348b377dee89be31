/** The editor's door on a port, until it is asked to stop: then it settles what is on the wire. */
import type { Studio } from '../../studio/index.js';
import { openHttp } from '../http-server.js';
import { openStudioSite, type StudioSiteOptions } from './open-studio-site.js';

export interface ServeStudioOptions extends Pick<StudioSiteOptions, 'asset'> {
  readonly flows: Studio;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Other names it is reached by, such as a tunnel's. */
  readonly names: readonly string[];
  /** What an editor has to show; absent on loopback. */
  readonly token?: string;
  /** @param url where to go, with the token in it where there is one */
  onListening(url: string): void;
}

const DRAIN_MS = 2_000;

/** Serves until the signal is aborted. Throws `usage` when the port is taken. */
export async function serveStudio(options: ServeStudioOptions): Promise<void> {
  const { flows, asset, port, host, names, token } = options;
  const hosts = new Set<string>();
  const session = token === undefined ? {} : { session: { token } };
  const door = openStudioSite({ flows, asset, hosts, ...session });
  const server = await openHttp({ fetch: (request) => door.fetch(request), port, host, option: '--port' });
  try {
    for (const name of hostsOf(host, server.port, names)) hosts.add(name);
    flows.log.info('studio.opened', { url: server.url });
    options.onListening(token === undefined ? `${server.url}/` : `${server.url}/?token=${token}`);
    await flows.tend();
  } finally {
    await server.close(DRAIN_MS);
  }
}

/** The names a browser may call this door by (DNS rebinding calls it by others). */
function hostsOf(host: string, port: number, names: readonly string[]): readonly string[] {
  const own = host.includes(':') ? `[${host}]` : host;
  const all = ['localhost', '127.0.0.1', '[::1]', own, ...names];
  return [...new Set(all.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`, ...names])))].map(
    (name) => name.toLowerCase(),
  );
}
