/** RSS 0.9x, 1.0 (RDF) and 2.0, with the namespaces that blogs use, as plain items. */
import type { RdfFeed, RssFeed } from 'feedsmith';
import { baseOf, type FeedDocument, type FeedItem, namesIn, pageAddress, textIn } from './feed-item.js';
import { pictureFrom } from './feed-picture.js';

type Channel = RssFeed.Feed<string> & RdfFeed.Feed<string>;
type Item = RssFeed.Item<string> & RdfFeed.Item<string>;

/** @param address where the feed was read from */
export function documentFromRss(feed: RssFeed.Feed<string> | RdfFeed.Feed<string>, address: string): FeedDocument {
  const channel = feed as Channel;
  const base = baseOf(address, channel.link, channel.xml?.base);
  const older = linkOf(channel.atom?.links, ['next', 'prev-archive']);
  return {
    title: channel.title,
    language: channel.language ?? channel.dc?.languages?.[0] ?? channel.xml?.lang,
    items: (channel.items ?? []).map((item) => itemFrom(item as Item, base)),
    older: pageAddress(older, address),
    isWordPress: /\bwordpress\b/i.test(channel.generator ?? ''),
    freshForMinutes: channel.ttl ?? minutesFrom(channel.sy),
    isOver: false,
  };
}

function itemFrom(item: Item, channelBase: string | undefined): FeedItem {
  const base = baseOf(channelBase, item.xml?.base);
  const { guid } = item;
  // A guid is an address unless it says that it is not.
  const ofGuid = guid?.isPermaLink === false ? undefined : guid?.value;
  const url = pageAddress(item.link, base) ?? pageAddress(linkOf(item.atom?.links, ['alternate', undefined]), base);
  const content = textIn(item.content?.encoded, 'html');
  const description = textIn(item.description ?? item.dc?.descriptions?.[0], 'any');
  const isFuller = content !== undefined && content.value.length >= (description?.value.length ?? 0);
  return {
    id: guid?.value ?? item.rdf?.about ?? item.dc?.identifiers?.[0],
    url: url ?? pageAddress(ofGuid, undefined),
    title: textIn(item.title ?? item.dc?.titles?.[0] ?? item.media?.title?.value, 'any'),
    content: isFuller ? content : (description ?? content),
    summary: isFuller ? description : undefined,
    dates: namesIn([
      item.pubDate,
      ...(item.dc?.dates ?? []),
      item.atom?.published,
      ...datesIn(item.dcterms),
      item.atom?.updated,
    ]),
    authors: namesIn([
      ...(item.dc?.creators ?? []),
      ...personNames(item.authors),
      ...personNames(item.atom?.authors),
      item.itunes?.author,
    ]),
    categories: namesIn([...(item.categories ?? []).map(({ name }) => name), ...(item.dc?.subjects ?? [])]),
    language: item.dc?.languages?.[0] ?? item.xml?.lang,
    picture: pictureFrom(item, item.enclosures ?? [], base),
    base: baseOf(base, url),
  };
}

/** Names only: a mail address is not a name. */
export function personNames(
  people: readonly { readonly name?: string }[] | undefined,
): readonly (string | undefined)[] {
  return (people ?? []).map(({ name }) => (name?.includes('@') ? undefined : name));
}

/** The first link with one of these relations, in their order. */
export function linkOf(
  links: readonly { readonly href?: string; readonly rel?: string }[] | undefined,
  relations: readonly (string | undefined)[],
): string | undefined {
  return relations.flatMap((rel) => (links ?? []).filter((link) => link.rel === rel))[0]?.href;
}

/** When a post was published, as Dublin Core says it; the date of its latest change is the last choice. */
export function datesIn(terms: Item['dcterms']): readonly string[] {
  const { issued = [], available = [], created = [], dates = [], modified = [] } = terms ?? {};
  return [...issued, ...available, ...created, ...dates, ...modified];
}

const PERIOD_MINUTES: { readonly [period: string]: number } = {
  hourly: 60,
  daily: 1440,
  weekly: 10_080,
  monthly: 43_200,
  yearly: 525_600,
};

function minutesFrom(sy: Channel['sy']): number | undefined {
  const period = PERIOD_MINUTES[sy?.updatePeriod?.trim().toLowerCase() ?? ''];
  return period === undefined ? undefined : period / Math.max(1, sy?.updateFrequency ?? 1);
}
