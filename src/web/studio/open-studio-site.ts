/**
 * The editor's door: loopback unless told otherwise. Whoever asks must know the house by its own name (DNS rebinding), and
 * whoever changes something must come from its own pages (cross-site requests). Nothing changes state by GET.
 */
import { type Context, Hono } from 'hono';
import { GazetteError } from '../../domain/errors.js';
import type { Studio } from '../../studio/index.js';
import { formLimit } from './form.js';
import { ROUTES } from './registry.js';
import { askForToken, hasSession, type Session } from './session.js';

export interface StudioSiteOptions {
  readonly flows: Studio;
  /** What this door answers to in `Host`, ports included. */
  readonly hosts: ReadonlySet<string>;
  /** What an editor has to show first; absent on loopback. */
  readonly session?: Session;
  /** Files of pages, by name. */
  asset(name: string): Promise<{ readonly type: string; readonly body: Uint8Array } | undefined>;
}

export interface StudioServer extends StudioSiteOptions {
  page(context: Context, name: string, view: object, status?: 200 | 400 | 404 | 409 | 500): Promise<Response>;
}

/** Adds the routes of one subject. */
export interface StudioRoute {
  readonly name: string;
  add(app: Hono, door: StudioServer): void;
}

/** No script but our own file, no style but ours, frames of our own alone. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const SAFE = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cache-Control': 'no-store',
} as const;

export function openStudioSite(options: StudioSiteOptions): Hono {
  const { flows, hosts, session } = options;
  const app = new Hono({ strict: false });
  const door: StudioServer = {
    ...options,
    page: async (context, name, view, status = 200) => context.html(await flows.print(name, view), status),
  };

  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(SAFE)) context.header(name, value);
    const host = context.req.header('Host') ?? '';
    if (!hosts.has(host.toLowerCase())) return context.text('This door is not known by that name.', 421);
    if (!isReading(context.req.method) && !isFromOwnPage(context, host)) {
      return context.text('This request does not come from a page of the studio.', 403);
    }
    if (session && !hasSession(context, session)) return askForToken(context, session);
    return next();
  });
  app.use(formLimit);
  for (const route of ROUTES) route.add(app, door);
  app.notFound((context) =>
    door.page(context, 'said', { title: 'There is no such page', message: '', hint: '', where: [], back: '/' }, 404),
  );
  app.onError((error, context) => {
    if (error instanceof GazetteError)
      return door.page(context, 'said', { ...saidOf(error), back: backOf(context) }, statusOf(error));
    flows.log.error('studio.request-failed', { error, route: context.req.routePath });
    return context.text('The studio could not do that. Its log says why.', 500);
  });
  return app;
}

function saidOf(error: GazetteError): object {
  const { message, hint, where, problems } = error;
  const places = problems.length > 0 ? problems : where === undefined ? [] : [{ where, message: '' }];
  return { title: 'That did not work', message, hint, where: places };
}

/** Where the editor came from, on this door. */
function backOf(context: Context): string {
  const from = context.req.header('Referer') ?? '';
  const { host, pathname, search } = URL.canParse(from) ? new URL(from) : { host: '', pathname: '/', search: '' };
  return host === (context.req.header('Host') ?? '').toLowerCase() ? `${pathname}${search}` : '/';
}

function statusOf({ code }: GazetteError): 400 | 404 | 409 | 500 {
  if (code === 'issue.missing' || code === 'config.missing-newsletter' || code === 'audience.missing') return 404;
  if (code === 'issue.state' || code === 'config.changed') return 409;
  return code.startsWith('store.') ? 500 : 400;
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Browsers tell where a form was sent from; what tells nothing is refused as well. */
function isFromOwnPage(context: Context, host: string): boolean {
  const site = context.req.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = context.req.header('Origin');
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
