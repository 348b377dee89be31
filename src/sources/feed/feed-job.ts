/** What is parsed of a feed in a thread: the feed, and each of its items. */
import type { PostKeys } from '../../domain/post.js';
import type { FeedItem } from './feed-item.js';
import { type FeedFacts, postFromItem, type ReadItem } from './post-from-item.js';
import { type ReadFeed, readFeed } from './read-feed.js';

export type FeedJob =
  | {
      readonly kind: 'feed';
      readonly bytes: Uint8Array;
      readonly contentType: string | undefined;
      /** Where it was read from. */
      readonly address: string;
    }
  | { readonly kind: 'feed-item'; readonly item: FeedItem; readonly keys: PostKeys; readonly facts: FeedFacts };

/** Nothing is thrown for what a feed contains. */
export function readFeedJob(job: FeedJob): ReadFeed | ReadItem {
  if (job.kind === 'feed') return readFeed(job.bytes, job.contentType, job.address);
  return postFromItem(job.item, job.keys, job.facts);
}
