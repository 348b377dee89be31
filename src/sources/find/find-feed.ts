/** Finds the feed of a page: the page itself, a feed that it names, or one at a usual place. */
import { GazetteError } from '../../domain/errors.js';
import type { FeedOptions } from '../feed/feed-options.js';
import { askFeed, type FeedPage } from '../feed/feed-web.js';
import { type FoundBlog, known, type PageLook } from './found-blog.js';
import { languageOf, titleOf } from './page-head.js';

const USUAL_PLACES = ['feed/', 'feed.xml', 'rss.xml', 'atom.xml', 'index.xml', 'feed.json', 'rss/'];

export async function findFeed(look: PageLook): Promise<FoundBlog | undefined> {
  const { address, ask } = look;
  const page = await ask(address);
  const base = page?.url ?? address;
  const named = (page?.links ?? []).filter(
    ({ rel, type }) =>
      /\balternate\b/i.test(rel) && /^application\/(?:rss\+xml|atom\+xml|feed\+json)/i.test(type ?? ''),
  );
  const candidates = [
    [address, 'the address is a feed'],
    ...byNearness(
      named.map(({ href }) => href),
      base,
    ).map((href) => [href, 'its pages name the feed']),
    ...USUAL_PLACES.map((place) => [new URL(place, new URL('/', base)).href, 'a feed is at a usual place']),
  ] as const;
  const tried = new Set<string>();
  for (const [url, why] of candidates) {
    if (tried.has(url)) continue;
    tried.add(url);
    const feed = await readFeed(look, url);
    if (feed) return foundFeed(url, why, feed, page?.text ?? '', base);
  }
  return undefined;
}

function foundFeed(url: string, why: string, { document }: FeedPage, html: string, base: string): FoundBlog {
  return {
    options: { kind: 'feed', url },
    what: `a feed, ${url} (${why})`,
    notes: ['A feed lists only the newest posts. An export of the blog, or its files, also has the older ones.'],
    ...known({
      title: document.title ?? titleOf(html),
      language: document.language ?? languageOf(html),
      site: new URL('/', base).href,
    }),
  };
}

/** Feeds below the page first: that of a category, on its page. Feeds of comments are none. */
function byNearness(feeds: readonly string[], base: string): readonly string[] {
  const folder = new URL('.', base).href;
  const isBelow = (url: string) => url.startsWith(folder) && folder !== new URL('/', base).href;
  const posts = feeds.filter((url) => URL.canParse(url) && !/\bcomments?\b/i.test(new URL(url).pathname));
  return [...posts.filter(isBelow), ...posts.filter((url) => !isBelow(url))];
}

/** `undefined` for what is no feed. */
async function readFeed({ name, tools, allowPrivate, signal }: PageLook, url: string): Promise<FeedPage | undefined> {
  const options: FeedOptions = { kind: 'feed', url, timezone: 'UTC', allowPrivate };
  try {
    return await askFeed({ name, options, tools }, { address: url, ...(signal && { signal }) });
  } catch (error) {
    if (error instanceof GazetteError && error.code === 'source.failed') return undefined;
    throw error;
  }
}
