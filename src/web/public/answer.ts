/** Answers that several routes give. */
import { createHash } from 'node:crypto';
import type { Page } from '../../readers/public-site.js';
import { noticeFor, PRIVATE_HEADERS, type Status } from '../http-errors.js';
import type { Peer, PublicContext, PublicRoutes } from './route.js';

/** A page for the one who holds a link: kept nowhere, found by no search. `undefined`: the link is not ours. */
export async function privatePage(
  context: PublicContext,
  door: PublicRoutes,
  page: Page | undefined,
): Promise<Response> {
  if (!page) return badLink(context, door);
  const headers = { ...PRIVATE_HEADERS, 'Content-Language': page.language };
  const status = statusOf(page);
  return context.html(await door.flows.print(page), status as 200, headers);
}

/** What was entered cannot be used: the page says so, and so does the status. */
function statusOf({ view }: Page): Status {
  const problem = 'problem' in view ? view.problem : null;
  // “Once more, please” is no fault of the one who asks.
  return problem === null || problem === 'again' ? 200 : 400;
}

/** Any request to a token's page that makes no sense: the same body, whatever was wrong with it. */
export async function badLink(
  context: PublicContext,
  { flows }: PublicRoutes,
  status: 400 | 404 | 413 | 415 = 404,
): Promise<Response> {
  return context.html(await flows.printNotice('bad-link'), status, PRIVATE_HEADERS);
}

/** A page for everybody. `undefined`: there is no such thing. */
export async function openPage(context: PublicContext, door: PublicRoutes, page: Page | undefined): Promise<Response> {
  if (!page) return errorPage(context, door, 404);
  const html = await door.flows.print(page);
  return validated(context, html, 'text/html; charset=utf-8', 'public, max-age=300', {
    'Content-Language': page.language,
  });
}

/** An answer with a validator (RFC 9110 §8.8.3, §13.1.2). */
export function validated(
  context: PublicContext,
  body: string,
  type: string,
  cache: string,
  more: { readonly [name: string]: string } = {},
): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { ETag: tag, 'Cache-Control': cache, ...more };
  const asked = (context.req.header('If-None-Match') ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (asked.includes(tag) || asked.includes('*')) return context.body(null, 304, headers);
  return context.body(body, 200, { 'Content-Type': type, ...headers });
}

export async function errorPage(context: PublicContext, { flows }: PublicRoutes, status: Status): Promise<Response> {
  return context.html(await flows.printNotice(noticeFor(status)), status as 404, PRIVATE_HEADERS);
}

/** Who asks. */
export function peerOf(context: PublicContext): Peer {
  const direct = context.env?.peerIp ?? '';
  // Behind a proxy of our own the last name in the list is the one that proxy has seen; anybody may write the others.
  const forwarded = isOwnNetwork(direct) ? context.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim() : undefined;
  return {
    ip: forwarded && forwarded.length <= 45 ? forwarded : direct,
    userAgent: context.req.header('User-Agent') ?? '',
  };
}

/** Loopback and private addresses (RFC 1918, RFC 4193). */
function isOwnNetwork(ip: string): boolean {
  const plain = ip.replace(/^::ffff:/, '');
  return plain === '' || /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:)/i.test(plain);
}
