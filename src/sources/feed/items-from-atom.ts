/** Atom 1.0 and 0.3 as plain items. */
import type { AtomFeed } from 'feedsmith';
import { baseOf, type FeedDocument, type FeedItem, type FeedText, namesIn, pageAddress, textIn } from './feed-item.js';
import { pictureFrom } from './feed-picture.js';
import { datesIn, linkOf, personNames } from './items-from-rss.js';

/** @param address where the feed was read from */
export function documentFromAtom(feed: AtomFeed.Feed<string>, address: string): FeedDocument {
  const base = baseOf(address, feed.xml?.base);
  const older = linkOf(feed.links, ['next', 'prev-archive']);
  const authors = namesIn(personNames(feed.authors));
  return {
    title: feed.title?.value,
    language: feed.xml?.lang ?? feed.dc?.languages?.[0],
    items: (feed.entries ?? []).map((entry) => itemFrom(entry, base, authors)),
    older: pageAddress(older, base),
    isWordPress: /\bwordpress\b/i.test(feed.generator?.text ?? ''),
    freshForMinutes: undefined,
    isOver: false,
  };
}

function itemFrom(
  entry: AtomFeed.Entry<string>,
  feedBase: string | undefined,
  feedAuthors: readonly string[],
): FeedItem {
  const base = baseOf(feedBase, entry.xml?.base);
  const url = pageAddress(pageOf(entry.links), base);
  const content = textFrom(entry.content);
  const summary = textFrom(entry.summary);
  const own = namesIn([
    ...personNames(entry.authors),
    ...(entry.dc?.creators ?? []),
    ...personNames(entry.source?.authors),
  ]);
  const enclosures = (entry.links ?? []).filter(({ rel }) => rel === 'enclosure');
  return {
    id: entry.id,
    url,
    title: textFrom(entry.title) ?? textIn(entry.media?.title?.value, 'any'),
    content: content ?? summary ?? textIn(entry.media?.description?.value, 'any'),
    summary: content === undefined ? undefined : summary,
    dates: namesIn([entry.published, ...(entry.dc?.dates ?? []), ...datesIn(entry.dcterms), entry.updated]),
    authors: own.length > 0 ? own : feedAuthors,
    categories: namesIn([
      ...(entry.categories ?? []).map(({ label, term }) => label ?? term),
      ...(entry.dc?.subjects ?? []),
    ]),
    language: entry.content?.xml?.lang ?? entry.xml?.lang,
    picture: pictureFrom(
      entry,
      enclosures.map(({ href, type }) => withoutAbsent({ url: href, type })),
      base,
    ),
    base: baseOf(entry.content?.xml?.base === undefined ? baseOf(base, url) : base, entry.content?.xml?.base),
  };
}

function withoutAbsent({ url, type }: { url: string | undefined; type: string | undefined }) {
  return { ...(url !== undefined && { url }), ...(type !== undefined && { type }) };
}

/** The page of the entry: of several, the one in HTML. */
function pageOf(links: AtomFeed.Entry<string>['links']): string | undefined {
  const pages = (links ?? []).filter(({ rel = 'alternate' }) => rel === 'alternate');
  return (pages.find(({ type = 'text/html' }) => type === 'text/html') ?? pages[0])?.href;
}

/** Text without a type is text; other media types are no text of a post, except plain text. */
function textFrom(text: AtomFeed.Content | undefined): FeedText | undefined {
  const type = text?.type?.toLowerCase() ?? 'text';
  if (type === 'text' || type === 'text/plain') return textIn(text?.value, 'text');
  return /^(?:x?html|text\/html|application\/xhtml\+xml)\b/.test(type) ? textIn(text?.value, 'html') : undefined;
}
