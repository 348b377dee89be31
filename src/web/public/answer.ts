/** Answers that several routes give. */
import { createHash } from 'node:crypto';
import type { Page } from '../../readers/page.js';
import { noticeFor, PRIVATE_HEADERS, type Status } from '../http-errors.js';
import type { Peer, PublicContext, RouteDeps } from './route.js';

/** A page for the holder of a link: not cached, not indexed. `undefined`: the link is not valid. */
export async function privatePage(context: PublicContext, deps: RouteDeps, page: Page | undefined): Promise<Response> {
  if (!page) return badLink(context, deps);
  const headers = { ...PRIVATE_HEADERS, 'Content-Language': page.language };
  const status = statusOf(page);
  return context.html(await deps.readers.print(page), status as 200, headers);
}

/** 400 when what was entered cannot be used. */
function statusOf({ view }: Page): Status {
  const problem = 'problem' in view ? view.problem : null;
  // `again` asks to send the form once more: nothing is wrong with what was entered.
  return problem === null || problem === 'again' ? 200 : 400;
}

/** The answer to every wrong request with a token: the same body, whatever was wrong. */
export async function badLink(
  context: PublicContext,
  { readers }: RouteDeps,
  status: 400 | 404 | 413 | 415 = 404,
): Promise<Response> {
  return context.html(await readers.printNotice('bad-link'), status, PRIVATE_HEADERS);
}

/** A page for everybody. `undefined`: there is no such page. */
export async function openPage(context: PublicContext, deps: RouteDeps, page: Page | undefined): Promise<Response> {
  if (!page) return errorPage(context, deps, 404);
  const html = await deps.readers.print(page);
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

/** A page that says what the status means. */
export async function errorPage(context: PublicContext, { readers }: RouteDeps, status: Status): Promise<Response> {
  return context.html(await readers.printNotice(noticeFor(status)), status as 404, PRIVATE_HEADERS);
}

/** Who sent the request. */
export function peerOf(context: PublicContext): Peer {
  const direct = context.env?.peerIp ?? '';
  // Behind our own proxy the last entry is the address that the proxy saw; clients can invent the others.
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
