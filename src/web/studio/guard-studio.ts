/**
 * What every site of the studio refuses: a request must name a host of this site (DNS rebinding), and a change must come from one of
 * its own pages (cross-site requests).
 */
import type { Context, Hono } from 'hono';
import { formLimit } from './form.js';
import { askForToken, hasSession, type Session } from './session.js';

export interface StudioGuard {
  /** Accepted values of the `Host` header, with ports. */
  readonly hosts: ReadonlySet<string>;
  /** Absent on loopback, where no token is needed. */
  readonly session?: Session;
}

/** Only the site's own scripts, styles and frames. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cache-Control': 'no-store',
} as const;

/** Guards every route that is added later. */
export function guardStudio(app: Hono, { hosts, session }: StudioGuard): void {
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
}

export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Browsers say where a form was sent from; a request that does not say is refused as well. */
function isFromOwnPage(context: Context, host: string): boolean {
  const site = context.req.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') return false;
  const origin = context.req.header('Origin');
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
