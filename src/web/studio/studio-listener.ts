/** The port of the studio: what is shown there may change while it stays open. */
import { Hono } from 'hono';
import { openHttp } from '../http-server.js';
import type { StudioGuard } from './guard-studio.js';

export interface ListenerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Other names the site is reached by, such as a tunnel's. */
  readonly names: readonly string[];
  /** What an editor needs to enter; absent on loopback. */
  readonly token?: string;
}

export interface StudioListener {
  /** For whoever enters; includes the token, if there is one. */
  readonly url: string;
  readonly guard: StudioGuard;
  /** From now on requests are answered by this site. */
  show(site: Hono): void;
  /** Waits a moment for answers that are under way. May be called again. */
  close(): Promise<void>;
}

const DRAIN_MS = 2_000;

/** Throws `usage` when the port is taken. */
export async function openStudioListener({ port, host, names, token }: ListenerOptions): Promise<StudioListener> {
  const hosts = new Set<string>();
  let site = new Hono();
  let closed: Promise<void> | undefined;
  const server = await openHttp({ fetch: (request) => site.fetch(request), port, host, option: '--port' });
  for (const name of hostNames(host, server.port, names)) hosts.add(name);
  return {
    url: token === undefined ? `${server.url}/` : `${server.url}/?token=${token}`,
    guard: { hosts, ...(token !== undefined && { session: { token } }) },
    show: (next) => {
      site = next;
    },
    close: () => {
      closed ??= server.close(DRAIN_MS);
      return closed;
    },
  };
}

/** The values of `Host` that a browser may send; with DNS rebinding it sends others. */
function hostNames(host: string, port: number, names: readonly string[]): readonly string[] {
  const own = host.includes(':') ? `[${host}]` : host;
  const all = ['localhost', '127.0.0.1', '[::1]', own, ...names];
  return [...new Set(all.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`, ...names])))].map(
    (name) => name.toLowerCase(),
  );
}
