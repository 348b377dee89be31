/** What an item of a feed is recognised by (rule: identity). */
import { createHash } from 'node:crypto';
import type { PostKeys } from '../../domain/post.js';
import type { FeedItem } from './feed-item.js';

/**
 * The keys of every item of a feed, in order. An id is opaque text; one that only this feed understands is a key within the
 * source, because ids are compared across sources. An id that several items share tells nothing and is left out.
 */
export function keysOfItems(items: readonly FeedItem[]): readonly PostKeys[] {
  const uses = new Map<string, Set<string>>();
  for (const item of items) {
    if (item.id === undefined) continue;
    const of = uses.get(item.id) ?? new Set();
    uses.set(item.id, of.add(item.url ?? fingerprintOf(item)));
  }
  return items.map((item) =>
    keysOf(item, item.id === undefined || (uses.get(item.id)?.size ?? 0) > 1 ? undefined : item.id),
  );
}

function keysOf(item: FeedItem, id: string | undefined): PostKeys {
  const url = item.url === undefined ? {} : { url: item.url };
  if (id !== undefined) return isUniqueEverywhere(id) ? { id, ...url } : { ...url, path: `item ${id}` };
  return item.url === undefined ? { path: `item ${fingerprintOf(item)}` } : url;
}

/** An address, a tag: or urn: URI, or a UUID. */
function isUniqueEverywhere(id: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\S{3,}$/i.test(id) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

/** For an item without id and address: its title and date, or else its text. */
function fingerprintOf({ title, dates, content }: FeedItem): string {
  const parts = title === undefined && dates.length === 0 ? [content?.value] : [title?.value, dates[0]];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
