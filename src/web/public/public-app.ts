/** The public pages as one application: no script, cookie or login. It logs no path, token or address of a request. */
import { Hono } from 'hono';
import { GazetteError } from '../../domain/errors.js';
import type { Hooks } from '../../feedback/hooks.js';
import type { ReaderSite } from '../../readers/index.js';
import { SAFE_HEADERS } from '../http-errors.js';
import { errorPage } from './answer.js';
import { type KeptPages, type KeptPagesOptions, openKeptPages } from './kept-pages.js';
import { type LimitOptions, openLimits } from './limits.js';
import { openClientIp } from './peer.js';
import { ROUTES } from './registry.js';
import type { Env, RouteDeps } from './route.js';
import { openSignUpMailer } from './sign-up-mailer.js';

export interface PublicApp {
  /** Answers one request; `peerIp` is where the connection comes from. */
  fetch(request: Request, env?: Env['Bindings']): Response | Promise<Response>;
  /** Answers a GET for a page that is kept ready, before anything else is done. */
  answerAtOnce: KeptPages['answerAtOnce'];
  /**
   * Makes a page of each kind, so that what prints them is loaded and compiled before a request comes, which would hold all other
   * work meanwhile (rule: strangers-cost-little). Never rejects: a page that cannot be made says so where it is asked for.
   */
  warmUp(): Promise<void>;
  /** Mails what sign-ups wait for. Never rejects. */
  mailSignUps(signal?: AbortSignal): Promise<void>;
  /** Resolves when the work that goes on after answers is done. */
  settled(): Promise<void>;
}

export interface PublicAppOptions {
  /** The site as its settings are now. */
  readers(): ReaderSite;
  /** The webhooks of providers; absent where none is set. */
  readonly hooks?: Hooks;
  readonly limits?: LimitOptions;
  readonly pages?: Omit<KeptPagesOptions, 'version'>;
  /** Aborted: the work that goes on after answers ends early. */
  readonly signal?: AbortSignal;
}

export function openPublicApp({ readers, hooks, limits, pages, signal }: PublicAppOptions): PublicApp {
  const { basePath, trustedProxies, clock, log } = readers();
  const running = new Set<Promise<unknown>>();
  const mailSignUps = openSignUpMailer({ mailSignUps: (until) => readers().mailSignUps(until), log });
  const deps: RouteDeps = {
    get readers() {
      return readers();
    },
    ...(hooks && { hooks }),
    readClientIp: openClientIp(trustedProxies),
    limits: openLimits(() => clock.now(), limits),
    keptPages: openKeptPages({ version: (newsletter) => readers().version(newsletter), ...pages }),
    mailSignUps() {
      const run = mailSignUps(signal).finally(() => running.delete(run));
      running.add(run);
    },
  };
  const site = new Hono<Env>({ strict: false });
  for (const route of ROUTES) route.add(site, deps);
  const app = new Hono<Env>({ strict: false });
  app.use(async (context, next) => {
    // Set before the answer is made, so that a route can replace them.
    for (const [name, value] of Object.entries(SAFE_HEADERS)) context.header(name, value);
    await next();
  });
  if (basePath !== '') app.route(basePath, site);
  // Some proxies remove the path of the public URL before they pass a request on.
  app.route('/', site);
  app.notFound((context) => errorPage(context, deps, 404));
  app.onError((error, context) => {
    log.error('web.request-failed', { error, route: context.req.routePath });
    const isLater = error instanceof GazetteError && error.code === 'store.locked';
    // Mailbox providers and browsers try again.
    if (isLater) context.header('Retry-After', '60');
    const status = isLater ? 503 : 500;
    return errorPage(context, deps, status).catch(() => context.text('', status));
  });
  return {
    fetch: (request, env = {}) => app.fetch(request, env),
    answerAtOnce: deps.keptPages.answerAtOnce,
    async warmUp() {
      try {
        for (const path of readers().openPaths) await app.fetch(new Request(`http://localhost${path}`));
        await readers().printSamples();
      } catch (error) {
        log.warn('web.not-warmed-up', { error });
      }
    },
    mailSignUps,
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
