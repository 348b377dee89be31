/**
 * The door on the internet: pages without script, cookie or login, answered by stories alone. It tells nobody what it was
 * asked for: no path, token or address is ever logged.
 */
import { Hono } from 'hono';
import type { ReaderSite } from '../../readers/index.js';
import { SAFE_HEADERS } from '../http-errors.js';
import { errorPage } from './answer.js';
import { type LimitOptions, openLimits } from './limits.js';
import { ROUTES } from './registry.js';
import type { Env, PublicRoutes } from './route.js';
import { openTending } from './tend-sign-ups.js';

const SAFE = Object.entries(SAFE_HEADERS);

export interface PublicServer {
  /** Answers one request; `peerIp` is where the connection comes from. */
  fetch(request: Request, env?: Env['Bindings']): Response | Promise<Response>;
  /** Mails what sign-ups wait for. Never rejects. */
  mailSignUps(signal?: AbortSignal): Promise<void>;
  /** Resolves when what goes on behind answered requests is done. */
  settled(): Promise<void>;
}

export interface PublicSiteOptions {
  readonly flows: ReaderSite;
  readonly limits?: LimitOptions;
  /** Aborted: what goes on behind answered requests comes to an end. */
  readonly signal?: AbortSignal;
}

export function openPublicSite({ flows, limits, signal }: PublicSiteOptions): PublicServer {
  const behind = new Set<Promise<unknown>>();
  const tend = openTending(flows);
  const door: PublicRoutes = {
    flows,
    limits: openLimits(() => flows.clock.now(), limits),
    mailSignUps() {
      const running = tend(signal).finally(() => behind.delete(running));
      behind.add(running);
    },
  };
  const base = flows.basePath();
  const pages = new Hono<Env>({ strict: false });
  for (const route of ROUTES) route.add(pages, door);
  const app = new Hono<Env>({ strict: false });
  app.use(async (context, next) => {
    // Before the answer is made, so that an answer may say otherwise, and none is made twice.
    for (const [name, value] of SAFE) context.header(name, value);
    await next();
  });
  if (base !== '') app.route(base, pages);
  // Some proxies take the path of the public URL away before they pass a request on.
  app.route('/', pages);
  app.notFound((context) => errorPage(context, door, 404));
  app.onError((error, context) => {
    flows.log.error('web.request-failed', { error, route: context.req.routePath });
    return errorPage(context, door, 500).catch(() => context.text('', 500));
  });
  return {
    fetch: (request, env = {}) => app.fetch(request, env),
    mailSignUps: tend,
    settled: async () => {
      while (behind.size > 0) await Promise.all(behind);
    },
  };
}
