/** The editor's site: its pages, frames and forms. GET changes nothing (rule: get-is-safe). */
import { type Context, Hono } from 'hono';
import type { GazetteError } from '../../domain/errors.js';
import { machineFault } from '../../domain/machine-fault.js';
import type { Studio } from '../../studio/index.js';
import type { StudioRoute } from '../../studio/page.js';
import { ACTIONS } from './actions.js';
import { streamChanges } from './events.js';
import { submittedForm } from './form.js';
import { guardStudio, isReading, type StudioGuard } from './guard-studio.js';

export interface StudioSiteOptions {
  readonly studio: Studio;
  readonly guard: StudioGuard;
  /** A script, style sheet or picture of the pages, by name. */
  asset(name: string): Promise<{ readonly type: string; readonly body: Uint8Array } | undefined>;
}

/** A mail with axe: its scripts beside it, and none of the mail's own. */
const AXE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src https: http: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
const AXE_SCRIPTS = '<script src="/assets/axe.js"></script><script src="/assets/run-axe.js"></script>';

export function openStudioSite({ studio, guard, asset }: StudioSiteOptions): Hono {
  const app = new Hono({ strict: false });

  guardStudio(app, guard);

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
