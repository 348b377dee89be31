/** Blogs that answer as real servers did (test/real/record.ts), from posts that a test may add, edit and take away. */
import { readFileSync } from 'node:fs';
import type { FetchWeb, WebRequest, WebResponse } from '../../src/domain/ports/host.js';

export type RecordedPost = { id: number | string; [field: string]: unknown };

export interface RecordedBlog {
  readonly fetchWeb: FetchWeb;
  /** What was asked since the last `forget`. */
  readonly asked: readonly WebRequest[];
  forget(): void;
  /** Its posts; a test may change them. */
  posts: RecordedPost[];
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../sources/recorded/${name}.json`, import.meta.url), 'utf8')) as never;

export const WORDPRESS = 'https://wordpress.example.org';
export const PHYSICS = `${WORDPRESS}/notes/category/physics-light/`;

interface WordPressAnswers {
  readonly page: { readonly url: string; readonly link: string };
  readonly root: object;
  readonly categories: readonly { readonly id: number; readonly slug: string; readonly parent: number }[];
  readonly posts: RecordedPost[];
  readonly talks: RecordedPost[];
  readonly refused: object;
}

export interface WordPressHabits {
  /** Nothing is said in the header of its pages, as before WordPress 5.5. */
  readonly isOld?: boolean;
  /** The REST API is switched off. */
  readonly isClosed?: boolean;
  /** Its feeds are switched off as well. */
  readonly hasNoFeed?: boolean;
}

export function recordedWordPress(habits: WordPressHabits = {}): RecordedBlog {
  const answers = read('wordpress') as WordPressAnswers;
  const blog = openBlog(answers.posts, (request, posts) => answerOfWordPress(request, { ...answers, posts }, habits));
  return blog;
}

function answerOfWordPress(request: WebRequest, answers: WordPressAnswers, habits: WordPressHabits): WebResponse {
  const url = new URL(request.url);
  if (url.pathname.endsWith('/feed/')) return feedOfWordPress(request.url, habits);
  if (!url.pathname.startsWith('/wp-json/')) {
    const link = habits.isOld || habits.isClosed ? '' : answers.page.link;
    const shown = request.url === PHYSICS ? link : (link.split(', ')[0] ?? '');
    return answered(request.url, 200, '<html></html>', { 'content-type': 'text/html', link: shown });
  }
  if (habits.isClosed) return json(url, 401, { code: 'rest_forbidden', message: 'The REST API is switched off.' });
  const [, route] = /^\/wp-json\/wp\/v2\/([\w-]+)$/.exec(url.pathname) ?? [];
  if (url.pathname === '/wp-json/') return json(url, 200, answers.root);
  if (route === 'categories' || route === 'tags') {
    const found = answers.categories.filter(
      ({ slug }) => route === 'categories' && slug === url.searchParams.get('slug'),
    );
    return json(url, 200, found);
  }
  if (route !== 'posts' && route !== 'talks') return json(url, 404, answers.refused);
  const status = url.searchParams.get('status') ?? 'publish';
  if (status !== 'publish' && request.headers?.authorization === undefined)
    return json(url, 400, { code: 'rest_invalid_param', message: 'Invalid parameter(s): status' });
  const listed = answers[route].filter((post) => status.split(',').includes(String(post.status)));
  return pageOfWordPress(
    url,
    listed.filter(isInCategory(url, answers)),
    Number(url.searchParams.get('per_page') ?? 10),
  );
}

/** As WordPress writes it, with one post. */
function feedOfWordPress(url: string, { hasNoFeed }: WordPressHabits): WebResponse {
  if (hasNoFeed) return answered(url, 404, '<html></html>', { 'content-type': 'text/html' });
  const address = `${WORDPRESS}/notes/2026/tides-in-a-glass/`;
  const content = '<p>Before.</p>\n<span id="more-5"></span>\n<p>Behind.</p>';
  const item = `<title>Tides in a glass</title><link>${address}</link><guid isPermaLink="false">${address}</guid>
    <pubDate>Wed, 10 Jun 2026 08:00:00 +0000</pubDate><content:encoded><![CDATA[${content}]]></content:encoded>`;
  const rss = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
    <channel><title>The Bench Notes</title><link>${WORDPRESS}</link><item>${item}</item></channel></rss>`;
  return answered(url, 200, rss, { 'content-type': 'application/rss+xml; charset=UTF-8' });
}

function isInCategory({ searchParams }: URL, { categories }: WordPressAnswers): (post: RecordedPost) => boolean {
  const term = Number(searchParams.get('categories[terms]') ?? 0);
  if (term === 0) return () => true;
  const withChildren = searchParams.get('categories[include_children]') === 'true';
  const wanted = categories
    .filter(({ id, parent }) => id === term || (withChildren && parent === term))
    .map(({ id }) => id);
  return (post) => (post.categories as readonly number[]).some((id) => wanted.includes(id));
}

function pageOfWordPress(url: URL, posts: readonly RecordedPost[], perPage: number): WebResponse {
  const { searchParams } = url;
  const include = searchParams.get('include')?.split(',');
  const chosen = include ? posts.filter(({ id }) => include.includes(String(id))) : [...posts];
  const by = (post: RecordedPost) =>
    searchParams.get('orderby') === 'id' ? Number(post.id) : Date.parse(String(post.date));
  const sign = searchParams.get('order') === 'asc' ? 1 : -1;
  chosen.sort((a, b) => sign * (by(a) - by(b)));
  const page = Number(searchParams.get('page') ?? 1);
  const pages = Math.max(1, Math.ceil(chosen.length / perPage));
  if (page > pages) return json(url, 400, { code: 'rest_post_invalid_page_number', message: 'There is no such page.' });
  const shown = chosen.slice((page - 1) * perPage, page * perPage);
  return json(url, 200, shown, { 'x-wp-total': String(chosen.length), 'x-wp-totalpages': String(pages) });
}

export const GHOST = 'https://ghost.example.org';
export const GHOST_KEY = '0123456789abcdef';

interface GhostAnswers {
  readonly posts: RecordedPost[];
  readonly pages: RecordedPost[];
  readonly refused: object;
}

export function recordedGhost(): RecordedBlog {
  const answers = read('ghost') as GhostAnswers;
  return openBlog(answers.posts, (request, posts) => answerOfGhost(request, { ...answers, posts }));
}

function answerOfGhost(request: WebRequest, answers: GhostAnswers): WebResponse {
  const url = new URL(request.url);
  const { searchParams } = url;
  const [, type] = /^\/ghost\/api\/content\/(posts|pages)\/$/.exec(url.pathname) ?? [];
  if (type === undefined) return answered(request.url, 404, '<html></html>', { 'content-type': 'text/html' });
  if (searchParams.get('key') !== GHOST_KEY) return json(url, 401, answers.refused);
  const [, ids] = /^id:\[(.*)\]$/.exec(searchParams.get('filter') ?? '') ?? [];
  const [, tag] = /^tag:(.*)$/.exec(searchParams.get('filter') ?? '') ?? [];
  const posts = answers[type as 'posts' | 'pages'].filter(
    (post) =>
      (ids === undefined || ids.split(',').includes(String(post.id))) &&
      (tag === undefined || (post.tags as readonly { slug: string }[]).some(({ slug }) => slug === tag)),
  );
  if (searchParams.get('order') === 'published_at desc')
    posts.sort((a, b) => String(b.published_at).localeCompare(String(a.published_at)));
  const limit = Number(searchParams.get('limit') ?? 15);
  const page = Number(searchParams.get('page') ?? 1);
  const pagination = { page, limit, pages: Math.max(1, Math.ceil(posts.length / limit)), total: posts.length };
  const etag = `W/"${JSON.stringify(posts.map(({ id, updated_at }) => [id, updated_at])).length}-${posts.map(({ updated_at }) => updated_at).join('')}"`;
  if (request.validators?.etag === etag) return { kind: 'not-modified', headers: new Map() };
  return json(url, 200, { [type]: posts.slice((page - 1) * limit, page * limit), meta: { pagination } }, { etag });
}

function openBlog(
  posts: RecordedPost[],
  answer: (request: WebRequest, posts: RecordedPost[]) => WebResponse,
): RecordedBlog {
  let asked: WebRequest[] = [];
  const blog: RecordedBlog = {
    posts: structuredClone(posts),
    get asked() {
      return asked;
    },
    forget: () => {
      asked = [];
    },
    fetchWeb: async (request) => {
      asked.push(request);
      return answer(request, blog.posts);
    },
  };
  return blog;
}

function json(
  url: URL,
  status: number,
  value: unknown,
  headers: { readonly [name: string]: string } = {},
): WebResponse {
  return answered(url.href, status, JSON.stringify(value), {
    'content-type': 'application/json; charset=UTF-8',
    ...headers,
  });
}

function answered(
  url: string,
  status: number,
  body: string,
  headers: { readonly [name: string]: string },
): WebResponse {
  const { etag } = headers;
  return {
    ...{
      kind: 'answered',
      status,
      url,
      headers: new Map(Object.entries(headers)),
      body: new TextEncoder().encode(body),
    },
    ...(etag !== undefined && { validators: { etag } }),
  };
}
