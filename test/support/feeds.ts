/** Feeds in memory, a web that answers with them, and the source that reads them. */
import type { CollectRequest, Source } from '../../src/domain/ports/content.js';
import type { FetchWeb, WebRequest, WebResponse } from '../../src/domain/ports/host.js';
import type { Collection, Post } from '../../src/domain/post.js';
import { feedSource } from '../../src/sources/feed/feed.js';
import type { FeedOptions } from '../../src/sources/feed/feed-options.js';
import type { SourceTools } from '../../src/sources/index.js';
import { asked, toolsOf } from './sources-files.js';

export const FEED = 'https://blog.example.org/feed';

/** A channel of RSS 2.0 with these items. */
export function rss(items: string, channel = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel><title>Notes</title><link>https://blog.example.org/</link>${channel}${items}</channel></rss>`;
}

/** An item by its number: item 3 is of 3 June 2026. */
export function item(number: number, extra = ''): string {
  const day = String(number).padStart(2, '0');
  return `<item><title>Post ${number}</title><link>https://blog.example.org/${number}</link>
<guid isPermaLink="false">https://blog.example.org/?p=${number}</guid><pubDate>${day} Jun 2026 08:00:00 +0000</pubDate>
<description>The text of ${number}.</description>${extra}</item>`;
}

export type Page = string | Uint8Array | Partial<Extract<WebResponse, { kind: 'answered' }>> | WebResponse;

/** A web of these addresses, and every request it got; an address that is not there answers 404. */
export function aWeb(pages: { [url: string]: Page }) {
  const requests: WebRequest[] = [];
  const fetchWeb: FetchWeb = async (request) => {
    requests.push(request);
    const page = pages[request.url];
    if (page === undefined) return answered(request.url, { status: 404 });
    if (typeof page === 'string') return answered(request.url, { body: new TextEncoder().encode(page) });
    if (page instanceof Uint8Array) return answered(request.url, { body: page });
    return 'kind' in page && page.kind !== 'answered' ? (page as WebResponse) : answered(request.url, page);
  };
  return { pages, requests, fetchWeb, urls: () => requests.map(({ url }) => url) };
}

function answered(url: string, page: object): WebResponse {
  return { kind: 'answered', status: 200, url, headers: new Map(), body: new Uint8Array(), ...page };
}

export function optionsOfFeed(given: Partial<FeedOptions> = {}): FeedOptions {
  return { kind: 'feed', url: FEED, timezone: 'UTC', allowPrivate: false, ...given };
}

/** A feed that is read several times into one store: what it keeps is given to it again. */
export function aFeedReader(
  pages: { [url: string]: Page },
  options: Partial<FeedOptions> = {},
  tools: Partial<SourceTools> = {},
) {
  const web = aWeb(pages);
  const source: Source = feedSource('blog', optionsOfFeed(options), toolsOf({ fetchWeb: web.fetchWeb, ...tools }));
  let kept: unknown;
  let now = new Date('2026-06-20T07:00:00Z');
  const collect = (given: Partial<CollectRequest> = {}): Promise<Collection> =>
    source.collect(asked({ now, kept, keep: (value) => (kept = JSON.parse(JSON.stringify(value))), ...given }));
  const later = (hours: number) => (now = new Date(now.getTime() + hours * 3_600_000));
  return { ...web, source, collect, later, kept: () => kept };
}

/** The only post of a feed; fails the test when there is another number. */
export async function onlyPostOf(feed: string | Uint8Array, options: Partial<FeedOptions> = {}): Promise<Post> {
  const { posts, broken } = await aFeedReader({ [FEED]: feed }, options).collect();
  const [post] = posts;
  if (post === undefined || posts.length > 1 || broken.length > 0) {
    throw new Error(`not one post: ${JSON.stringify({ posts, broken }).slice(0, 500)}`);
  }
  return post;
}
