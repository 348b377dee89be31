/** Finds the feed of a page: the page itself, a feed that it names, or one at a usual place. */
import { GazetteError } from '../../domain/errors.js';
import type { FoundBlog } from '../../domain/found-blog.js';
import type { FeedOptions } from '../feed/feed-options.js';
import { askFeed, type FeedPage } from '../feed/feed-web.js';
import { languageOf, titleOf } from './page-head.js';
import { known, type PageLook } from './page-look.js';

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
    ...[new URL('.', base), new URL('/', base)].flatMap((folder) =>
      USUAL_PLACES.map((place) => [new URL(place, folder).href, 'a feed is at a usual place']),
    ),
  ] as const;
  const tried = new Set<string>();
  for (const [url, why] of candidates) {
    if (tried.has(url)) continue;
    tried.add(url);
    const feed = await readFeed(look, url);
    if (feed) return foundFeed({ url, why, asked: address, page }, feed, base);
  }
  return undefined;
}

interface Candidate {
  readonly url: string;
  readonly why: string;
  /** The address that the person gave, and what is there. */
  readonly asked: string;
  readonly page: { readonly text: string } | undefined;
}

function foundFeed({ url, why, asked, page }: Candidate, { document }: FeedPage, base: string): FoundBlog {
  const html = page?.text ?? '';
  return {
    options: { kind: 'feed', url },
    what: `a feed, ${url} (${why})`,
    notes: [
      ...wholeSiteNotes(url, asked, base, page !== undefined),
      'A feed lists only the newest posts. An export of the blog, or its files, also has the older ones.',
    ],
    ...known({
      title: document.title ?? titleOf(html),
      language: document.language ?? languageOf(html),
      site: new URL('/', base).href,
    }),
  };
}

/** A person who names a page below the site may have meant only its posts. */
function wholeSiteNotes(url: string, asked: string, base: string, isThere: boolean): readonly string[] {
  if (!isThere) return [`There is no page that can be read at ${asked}: this feed is that of the whole site.`];
  const isPart = new URL('.', base).pathname !== '/' && url !== asked && !url.startsWith(new URL('.', base).href);
  return isPart ? ['The page has no feed of its own: this one may have more posts than the page shows.'] : [];
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
