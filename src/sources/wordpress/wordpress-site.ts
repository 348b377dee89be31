/** Finds the REST API of a WordPress blog, and the category, tag or author whose page an address is. */
import type { WebRequest } from '../../domain/ports/host.js';
import { type ApiTools, unanswered, unlessAtFault } from '../web/api-request.js';
import { countAt, jsonFrom, listAt, textAt } from '../web/json.js';

/** Where the API is, and which posts of it are meant. */
export interface WordPressSite {
  /** `https://blog.example.org/wp-json/`, or `https://blog.example.org/?rest_route=/`. */
  readonly root: string;
  /** A term or author by the parameter that posts are filtered with: `categories`, `tags`, `author`. */
  readonly term?: { readonly parameter: string; readonly id: number };
}

export type Ask = (url: string, accept?: string) => Promise<Found | undefined>;

interface Found {
  readonly url: string;
  readonly links: readonly WebLink[];
  readonly text: string;
  readonly json: unknown;
}

/** A link of the header or head of a page. */
interface WebLink {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
}

const API = 'https://api.w.org/';

/** `undefined` when there is no API that may be read. Throws `source.failed` when the site does not answer. */
export async function findSite(ask: Ask, address: string): Promise<WordPressSite | undefined> {
  const page = await ask(address);
  if (listAt(page?.json, 'namespaces').includes('wp/v2')) return { root: withSlash(page?.url ?? address) };
  const linked = page?.links.find(({ rel }) => rel === API)?.href;
  const root = await firstRoot(ask, linked === undefined ? guesses(page?.url ?? address) : [linked]);
  if (root === undefined) return undefined;
  const queried = page?.links.find(({ rel, type }) => rel === 'alternate' && type === 'application/json')?.href;
  const term = queried === undefined ? await termBySlug(ask, root, page?.url ?? address) : termOf(queried);
  return { root, ...(term && { term }) };
}

/** An address below the root of the API, with parameters. */
export function apiUrl(root: string, route: string, parameters: { readonly [name: string]: string | number }): string {
  const url = new URL(root);
  const route_ = url.searchParams.get('rest_route');
  if (route_ === null) url.pathname += route;
  else url.searchParams.set('rest_route', `${route_}${route}`);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
  return url.href;
}

async function firstRoot(ask: Ask, roots: readonly string[]): Promise<string | undefined> {
  for (const root of roots) {
    const found = await ask(root, 'application/json');
    if (listAt(found?.json, 'namespaces').includes('wp/v2')) return withSlash(root);
  }
  return undefined;
}

/** Where the API is when no page says so: below the blog's own folder, or the site's. */
function guesses(address: string): readonly string[] {
  const folder = new URL('.', address).href;
  const site = new URL('/', address).href;
  return [...new Set([`${folder}wp-json/`, `${site}wp-json/`, `${site}?rest_route=/`])];
}

function withSlash(root: string): string {
  return root.endsWith('/') ? root : `${root}/`;
}

/** The term or author that WordPress says a page shows. */
function termOf(resource: string): WordPressSite['term'] | undefined {
  const [, base, id] = /\/wp\/v2\/([\w-]+)\/(\d+)\/?(?:$|[?&])/.exec(decodeURIComponent(resource)) ?? [];
  // A page or post of its own shows no list.
  if (base === undefined || base === 'pages' || base === 'posts') return undefined;
  return { parameter: base === 'users' ? 'author' : base, id: Number(id) };
}

/** The same for a release of WordPress that does not say it: a term whose page has this address. */
async function termBySlug(ask: Ask, root: string, address: string): Promise<WordPressSite['term'] | undefined> {
  const path = new URL(address).pathname.replace(/\/$/, '');
  const slug = path.split('/').at(-1) ?? '';
  if (slug === '') return undefined;
  for (const parameter of ['categories', 'tags']) {
    const found = await ask(apiUrl(root, `wp/v2/${parameter}`, { slug, _fields: 'id,link' }), 'application/json');
    const terms = Array.isArray(found?.json) ? found.json : [];
    const term = terms.find((each) => {
      const link = textAt(each, 'link');
      return link !== undefined && URL.canParse(link) && new URL(link).pathname.replace(/\/$/, '') === path;
    });
    const id = countAt(term, 'id');
    if (id !== undefined) return { parameter, id };
  }
  return undefined;
}

/** Asks for pages of a site; what is refused or not there is `undefined`. */
export function openAsk({ source, fetchWeb }: ApiTools, common: Partial<WebRequest>, signal?: AbortSignal): Ask {
  return async (url, accept = 'text/html, application/json;q=0.9') => {
    const response = await fetchWeb({ ...common, url, accept }, signal);
    if (response.kind === 'not-modified') return undefined;
    if (response.kind !== 'answered') throw unanswered(source, response);
    unlessAtFault(source, response);
    if (response.status >= 400) return undefined;
    const json = /json/i.test(response.headers.get('content-type') ?? '') ? jsonFrom(response.body) : undefined;
    const text = json === undefined ? new TextDecoder().decode(response.body.subarray(0, HEAD_BYTES)) : '';
    const links = [...linksInHeader(response.headers.get('link') ?? ''), ...linksInHead(text)];
    return { url: response.url, text, json, links: links.map((link) => resolved(link, response.url)) };
  };
}

/** The head of a page is in its first bytes. */
const HEAD_BYTES = 300_000;

function resolved(link: WebLink, base: string): WebLink {
  return { ...link, href: URL.canParse(link.href, base) ? new URL(link.href, base).href : link.href };
}

/** RFC 8288. */
function linksInHeader(header: string): readonly WebLink[] {
  return [...header.matchAll(/<([^<>]*)>([^<]*)/g)].map(([, href = '', rest = '']) => {
    const type = /\btype="([^"]*)"/.exec(rest)?.[1];
    return { href, rel: /\brel="([^"]*)"/.exec(rest)?.[1] ?? '', ...(type !== undefined && { type }) };
  });
}

function linksInHead(html: string): readonly WebLink[] {
  return [...html.matchAll(/<link\b([^<>]*)>/gi)].map(([, attributes = '']) => {
    const href = /\bhref=["']([^"']*)["']/i.exec(attributes)?.[1] ?? '';
    const rel = /\brel=["']([^"']*)["']/i.exec(attributes)?.[1] ?? '';
    const type = /\btype=["']([^"']*)["']/i.exec(attributes)?.[1];
    return { href: href.replaceAll('&amp;', '&'), rel, ...(type !== undefined && { type }) };
  });
}
