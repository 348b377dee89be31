/**
 * The editor's site. A request must name a host of this site (DNS rebinding), and a change must come from one of its own pages
 * (cross-site requests). GET changes nothing (rule: get-is-safe).
 */
import { type Context, Hono } from 'hono';
import type { GazetteError } from '../../domain/errors.js';
import { machineFault } from '../../domain/machine-fault.js';
import type { Studio } from '../../studio/index.js';
import type { StudioRoute } from '../../studio/page.js';
import { ACTIONS } from './actions.js';
import { streamChanges } from './events.js';
import { formLimit, submittedForm } from './form.js';
import { askForToken, hasSession, type Session } from './session.js';

export interface StudioSiteOptions {
  readonly studio: Studio;
  /** Accepted values of the `Host` header, with ports. */
  readonly hosts: ReadonlySet<string>;
  /** Absent on loopback, where no token is needed. */
  readonly session?: Session;
  /** A script, style sheet or picture of the pages, by name. */
  asset(name: string): Promise<{ readonly type: string; readonly body: Uint8Array } | undefined>;
}

/** Only the site's own scripts, styles and frames. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A mail with axe: its scripts beside it, and none of the mail's own. */
const AXE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src https: http: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
const AXE_SCRIPTS = '<script src="/assets/axe.js"></script><script src="/assets/run-axe.js"></script>';

const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cache-Control': 'no-store',
} as const;

export function openStudioSite({ studio, hosts, session, asset }: StudioSiteOptions): Hono {
  const app = new Hono({ strict: false });

  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
    const host = context.req.header('Host') ?? '';
    if (!hosts.has(host.toLowerCase())) return context.text('The studio does not answer to this host name.', 421);
    if (!isReading(context.req.method) && !isFromOwnPage(context, host)) {
      return context.text('This request does not come from a page of the studio.', 403);
    }
    if (session && !hasSession(context, session)) return askForToken(context, session);
    return next();
  });
  app.use(formLimit);

  app.get('/', (context) => context.redirect(studio.startPath(), 302));
  app.get('/events', (context) => streamChanges(context, studio));
  app.get('/assets/:name', async (context) => {
    const found = await asset(context.req.param('name'));
    if (!found) return context.notFound();
    return context.body(new Uint8Array(found.body), 200, { 'Content-Type': found.type });
  });
  for (const route of studio.routes) app.get(route.path, (context) => answer(studio, route, context));
  for (const [path, action] of Object.entries(ACTIONS)) {
    app.post(path, async (context) => context.redirect(await action(studio, await submittedForm(context)), 303));
  }

  app.notFound(async (context) => context.html(await studio.printMissing(), 404));
  app.onError(async (error, context) => {
    const fault = machineFault(error);
    if (fault) {
      const html = await studio.printError(fault, backPath(context), isReading(context.req.method));
      return context.html(html, statusOf(fault));
    }
    studio.log.error('studio.request-failed', { error, route: context.req.routePath });
    return context.text('The studio could not do this. The reason is in its log.', 500);
  });
  return app;
}

async function answer(studio: Studio, route: StudioRoute, context: Context): Promise<Response> {
  const { searchParams } = new URL(context.req.url);
  const params = context.req.param();
  if (route.kind === 'page') return context.html(await studio.print(route, params, searchParams));
  if (route.kind === 'frame') {
    const html = await studio.frame(route, params, searchParams);
    return route.inspection === 'axe'
      ? context.html(withAxe(html), 200, { 'Content-Security-Policy': AXE_POLICY })
      : context.html(html, 200, { 'Content-Security-Policy': framePolicy(searchParams.get('images') !== 'off') });
  }
  const { name, text } = await studio.download(route, params, searchParams);
  return context.body(text, 200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
  });
}

/** A mail in a frame has its own styles, and images if the editor wants them; nothing in it can act or navigate. */
function framePolicy(withImages: boolean): string {
  const images = withImages ? 'img-src https: http: data:; ' : '';
  return `default-src 'none'; style-src 'unsafe-inline'; ${images}form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox`;
}

function withAxe(html: string): string {
  return html.includes('</body>') ? html.replace('</body>', `${AXE_SCRIPTS}</body>`) : html + AXE_SCRIPTS;
}

/** The page of this site that the editor came from. */
function backPath(context: Context): string {
  const from = context.req.header('Referer') ?? '';
  const { host, pathname, search } = URL.canParse(from) ? new URL(from) : { host: '', pathname: '/', search: '' };
  return host === (context.req.header('Host') ?? '').toLowerCase() ? `${pathname}${search}` : '/';
}

function statusOf({ code }: GazetteError): 400 | 404 | 409 | 500 {
  if (code === 'issue.missing' || code === 'config.missing-newsletter' || code === 'audience.missing') return 404;
  if (code === 'issue.state' || code === 'config.changed' || code === 'store.copy') return 409;
  return code.startsWith('store.') ? 500 : 400;
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Browsers say where a form was sent from; a request that does not say is refused as well. */
function isFromOwnPage(context: Context, host: string): boolean {
  const site = context.req.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = context.req.header('Origin');
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
