/** Answers that several routes give. */
import type { Page } from '../../readers/page.js';
import { noticeFor, PRIVATE_HEADERS, type Status } from '../http-errors.js';
import { type KeptAnswer, type KeptPage, type MadePage, TooManyPages } from './kept-pages.js';
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

/** Short, because a withdrawn post must disappear from caches soon. */
const CACHED = 'public, max-age=300';

/** A page for everybody, kept ready. */
export async function openPage(
  context: PublicContext,
  deps: RouteDeps,
  page: Omit<KeptPage, 'cacheControl' | 'mayMake'> & { readonly cacheControl?: string },
): Promise<Response> {
  const mayMake = () => deps.limits.mayMakePage(peerOf(context, deps).ip);
  try {
    const asked = { cacheControl: CACHED, mayMake, ...page };
    const answer = await deps.keptPages.answer((name) => context.req.header(name), asked, targetOf(context.req.raw));
    return answer ? keptResponse(answer) : errorPage(context, deps, 404);
  } catch (error) {
    if (error instanceof TooManyPages) return errorPage(context, deps, 429);
    throw error;
  }
}

function keptResponse({ status, body, headers }: KeptAnswer): Response {
  return new Response(body, { status, headers });
}

/** The path of a request with its query. */
function targetOf({ url }: Request): string {
  return url.slice(url.indexOf('/', url.indexOf('://') + 3));
}

/** A page as it is kept. */
export async function madePage({ readers }: RouteDeps, page: Page | undefined): Promise<MadePage | undefined> {
  return page && madeHtml(await readers.print(page), page.language);
}

export function madeHtml(body: string, language: string): MadePage {
  return { body, headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Language': language } };
}

/** A page that says what the status means. */
export async function errorPage(context: PublicContext, { readers }: RouteDeps, status: Status): Promise<Response> {
  return context.html(await readers.printNotice(noticeFor(status)), status as 404, PRIVATE_HEADERS);
}

/** Who sent the request. */
export function peerOf(context: PublicContext, { readClientIp }: Pick<RouteDeps, 'readClientIp'>): Peer {
  return {
    ip: readClientIp(context.env?.peerIp ?? '', context.req.header('X-Forwarded-For')),
    userAgent: context.req.header('User-Agent') ?? '',
  };
}
