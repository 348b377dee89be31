/** Older posts than a feed shows at once, where they are needed and the feed says where they are (RFC 5005, WordPress, JSON Feed). */
import { GazetteError } from '../../domain/errors.js';
import type { CollectRequest } from '../../domain/ports/content.js';
import type { BrokenPost, Post } from '../../domain/post.js';
import { type FeedMemory, hasGap } from './feed-memory.js';
import { type FeedPosts, postsOf, type ReadOptions } from './feed-posts.js';
import { askFeed, type FeedPage, type FeedPlace } from './feed-web.js';
import { MOST_ITEMS } from './read-feed.js';

export interface OlderPosts extends Omit<FeedPosts, 'items'> {
  /** Whether posts may have come and gone since the reading before: `closed` when paging found where that one ended. */
  readonly gap: 'none' | 'closed' | 'open';
}

interface Newest {
  readonly page: FeedPage;
  readonly newest: FeedPosts;
  readonly memory: FeedMemory | undefined;
  readonly reading: ReadOptions;
  readonly request: CollectRequest;
}

const MOST_PAGES = 100;
/** All pages together: every post of a collection is held in memory until it is saved. */
const MOST_BYTES = 30_000_000;

/** Pages back to `since`, or to what the reading before showed. */
export async function readOlder(place: FeedPlace, start: Newest): Promise<OlderPosts> {
  const { memory, newest, reading, request } = start;
  const isGap = hasGap(memory, newest.items);
  const posts: Post[] = [];
  const broken: BrokenPost[] = [];
  const undated: { [item: string]: number } = {};
  const seen = new Set(newest.items);
  let { page } = start;
  let isClosed = false;
  let bytes = page.bytes;
  for (let number = 2; number <= MOST_PAGES && seen.size < MOST_ITEMS && bytes < MOST_BYTES; number += 1) {
    const wantsMore = isGap ? !isClosed : memory === undefined && isAfter([...newest.posts, ...posts], request.since);
    const address = wantsMore ? olderThan(page, number, place.options.url) : undefined;
    const next = address === undefined ? undefined : await pageAt(place, address, request);
    if (next === undefined) break;
    const read = await postsOf(place, next.document, { ...reading, isKnown: (item) => seen.has(item) });
    // A server that knows no pages answers with the first one again.
    if (read.items.every((item) => seen.has(item))) break;
    for (const item of read.items) seen.add(item);
    isClosed = isGap && !hasGap(memory, read.items);
    posts.push(...read.posts);
    broken.push(...read.broken);
    Object.assign(undated, read.undated);
    bytes += next.bytes;
    page = next;
  }
  return { posts, broken, undated, gap: isGap ? (isClosed ? 'closed' : 'open') : 'none' };
}

/** Whether all of these were published later than that: then there may be more. */
function isAfter(posts: FeedPosts['posts'], since: Date | undefined): boolean {
  return since !== undefined && posts.length > 0 && posts.every(({ publishedAt }) => publishedAt > since);
}

function olderThan({ document, address }: FeedPage, number: number, url: string): string | undefined {
  if (document.older !== undefined) return document.older === address ? undefined : document.older;
  if (!document.isWordPress) return undefined;
  const paged = new URL(url);
  paged.searchParams.set('paged', String(number));
  return paged.href;
}

/** `undefined` where there is no page: behind the last one many servers answer with an error. */
async function pageAt(place: FeedPlace, address: string, { signal }: CollectRequest): Promise<FeedPage | undefined> {
  try {
    return await askFeed(place, { address, ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof GazetteError) return undefined;
    throw error;
  }
}
