/** The bytes at an address as a feed, or why they are none. Pure, so that a thread can do it. */
import { type AnyFeed, parseFeed } from 'feedsmith';
import type { FeedDocument } from './feed-item.js';
import { feedTextFrom } from './feed-text.js';
import { documentFromAtom } from './items-from-atom.js';
import { documentFromJson } from './items-from-json.js';
import { documentFromRss } from './items-from-rss.js';

export type ReadFeed =
  | { readonly kind: 'feed'; readonly document: FeedDocument }
  /** @property message what there is instead, as the end of a sentence */
  | { readonly kind: 'no-feed'; readonly message: string; readonly hint?: string };

/** More items than this are left out: no reader of a digest needs them, and a page may have no end. */
export const MOST_ITEMS = 2000;

/** @param address where it was read from: what it names is relative to that */
export function readFeed(bytes: Uint8Array, contentType: string | undefined, address: string): ReadFeed {
  const text = withoutPreamble(feedTextFrom(bytes, contentType));
  if (text === '') return { kind: 'no-feed', message: 'answers with nothing' };
  if (/^<(?:!doctype\s+html|html|head|body)\b/i.test(text)) return webPage(text, address);
  const isJson = text.startsWith('{');
  if (!isJson && !hasEnd(text)) {
    return { kind: 'no-feed', message: 'answers with a feed that breaks off before its end' };
  }
  try {
    return {
      kind: 'feed',
      document: documentFrom(parseFeed(isJson ? text : withMoreMarks(text), { maxItems: MOST_ITEMS }), address),
    };
  } catch (error) {
    return { kind: 'no-feed', message: `answers with something that is no feed (${reasonOf(error)})` };
  }
}

function documentFrom({ format, feed }: AnyFeed, address: string): FeedDocument {
  if (format === 'atom') return documentFromAtom(feed, address);
  if (format === 'json') return documentFromJson(feed, address);
  return documentFromRss(feed, address);
}

/** Some servers print warnings before the feed. */
function withoutPreamble(text: string): string {
  const trimmed = text.trim();
  if (/^[<{]/.test(trimmed) && !/^<(?:br|b)\b/i.test(trimmed)) return trimmed;
  const start = trimmed.slice(0, 4000).search(/<\?xml\s|<rss\b|<feed\b|<rdf:RDF\b/);
  return start === -1 ? trimmed : trimmed.slice(start);
}

/** Whether the element that encloses everything is closed: the parser does not mind. */
function hasEnd(text: string): boolean {
  const root = rootOf(text);
  return root === undefined || text.lastIndexOf(`</${root}`) !== -1;
}

/** The name of the first element: behind declarations and comments. */
function rootOf(text: string): string | undefined {
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const end = endOfMarkup(text, at);
    if (end === undefined) return /^[A-Za-z_][\w.:-]*/.exec(text.slice(at + 1, at + 200))?.[0];
    if (end === -1) return undefined;
    at = end;
  }
  return undefined;
}

/** Where a declaration or a comment ends; -1 when it does not, `undefined` for anything else. */
function endOfMarkup(text: string, at: number): number | undefined {
  if (text.startsWith('<!--', at)) return text.indexOf('-->', at);
  if (text.startsWith('<?', at)) return text.indexOf('?>', at);
  if (!text.startsWith('<!', at)) return undefined;
  const end = text.indexOf('>', at);
  const subset = text.indexOf('[', at);
  return subset !== -1 && subset < end ? text.indexOf(']>', at) : end;
}

/** The parser drops comments inside of CDATA; this one says where an introduction ends. */
function withMoreMarks(text: string): string {
  return text.replace(/<!--\s{0,9}(?:more|truncate|excerpt)\b[^<>]{0,200}-->/gi, '<span id="more-0"></span>');
}

/** A page often names its feed. */
function webPage(text: string, address: string): ReadFeed {
  const named = [...text.slice(0, 200_000).matchAll(/<link\s([^<>]{1,1000})>/gi)].flatMap(([, attributes = '']) => {
    if (!/type\s{0,3}=\s{0,3}["']?application\/(?:rss\+xml|atom\+xml|feed\+json)/i.test(attributes)) return [];
    const href = /href\s{0,3}=\s{0,3}["']?([^"'\s>]+)/i.exec(attributes)?.[1]?.replaceAll('&amp;', '&') ?? '';
    return URL.canParse(href, address) ? [new URL(href, address).href] : [];
  });
  const hint =
    named[0] === undefined ? undefined : `The page names this feed: ${named[0]}. Write it in content/sources.yaml.`;
  return { kind: 'no-feed', message: 'answers with a web page, which is no feed', ...(hint !== undefined && { hint }) };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
}
