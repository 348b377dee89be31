/** JSON Feed 1.0 and 1.1 as plain items. */
import type { JsonFeed } from 'feedsmith';
import { baseOf, type FeedDocument, type FeedItem, namesIn, pageAddress, textIn } from './feed-item.js';
import { personNames } from './items-from-rss.js';

/** @param address where the feed was read from */
export function documentFromJson(feed: JsonFeed.Feed<string>, address: string): FeedDocument {
  const base = baseOf(address, feed.home_page_url);
  const authors = namesIn(personNames(feed.authors));
  return {
    title: feed.title,
    language: feed.language,
    items: (feed.items ?? []).map((item) => itemFrom(item, base, authors)),
    older: pageAddress(feed.next_url, address),
    isWordPress: false,
    freshForMinutes: undefined,
    isOver: feed.expired === true,
  };
}

function itemFrom(item: JsonFeed.Item<string>, feedBase: string | undefined, feedAuthors: readonly string[]): FeedItem {
  const url = pageAddress(item.url, feedBase);
  const base = baseOf(feedBase, url);
  const authors = namesIn(personNames(item.authors));
  const attached = (item.attachments ?? []).find(({ mime_type: type }) => type?.startsWith('image/'));
  const src = pageAddress(item.image ?? item.banner_image ?? attached?.url, base);
  return {
    id: item.id,
    url,
    title: textIn(item.title, 'text'),
    content: textIn(item.content_html, 'html') ?? textIn(item.content_text, 'text') ?? textIn(item.summary, 'text'),
    summary: textIn(item.summary, 'text'),
    dates: namesIn([item.date_published, item.date_modified]),
    authors: authors.length > 0 ? authors : feedAuthors,
    categories: namesIn(item.tags ?? []),
    language: item.language,
    picture: src === undefined ? undefined : { src, alt: '', width: undefined, height: undefined },
    base,
  };
}
