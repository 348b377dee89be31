/** An item of a feed → a post. Pure, so that a thread can do it: an item may be made to take for ever. */
import { createHash } from 'node:crypto';
import { categoryKey } from '../../domain/category.js';
import { type Html, textOf } from '../../domain/html.js';
import { languageFrom } from '../../domain/language.js';
import type { Picture, Post, PostKeys } from '../../domain/post.js';
import { TOO_DEEP } from '../post-reading.js';
import type { Title } from '../title.js';
import { htmlFromWeb } from '../web/web-html.js';
import { nameFromWeb, titleFromWeb, titleFromWords } from '../web/web-text.js';
import { feedDateFrom } from './feed-dates.js';
import type { FeedItem, FeedPicture, FeedText } from './feed-item.js';
import { markupFrom } from './feed-markup.js';
import { summaryFrom, withoutNotice } from './feed-summary.js';

/** What reading an item needs to know of its source and its feed. */
export interface FeedFacts {
  readonly name: string;
  readonly timezone: string;
  /** Of the settings. */
  readonly language?: string | undefined;
  readonly feedTitle?: string | undefined;
  readonly feedLanguage?: string | undefined;
}

export type ReadItem =
  /** Without a date when the feed names none. */
  | { readonly kind: 'post'; readonly post: Omit<Post, 'publishedAt'> & { readonly publishedAt?: Date } }
  | { readonly kind: 'broken'; readonly message: string };

/** In UTF-16 code units; what is longer is no post. */
const LARGEST = 2_000_000;

/** Nothing is thrown for what an item contains. */
export function postFromItem(item: FeedItem, keys: PostKeys, facts: FeedFacts): ReadItem {
  const size = item.content?.value.length ?? 0;
  if (size > LARGEST) {
    const message = `The text has ${(size / 1_000_000).toFixed(1)} million characters; a post may have ${LARGEST / 1_000_000} million.`;
    return { kind: 'broken', message };
  }
  const content = item.content === undefined ? { kind: 'html' as const, html: [] } : bodyFrom(item.content, item.base);
  if (content.kind !== 'html') return { kind: 'broken', message: TOO_DEEP };
  const body = withoutNotice(content.html);
  const language = languageFrom(item.language) ?? languageFrom(facts.language) ?? languageFrom(facts.feedLanguage);
  const summary = item.summary && summaryFrom(bodyOf(item.summary, item.base), body);
  const date = item.dates.flatMap((written) => feedDateFrom(written, facts.timezone, language) ?? [])[0];
  const title = titleOf(item.title, body, facts);
  const { url } = keys;
  return {
    kind: 'post',
    post: {
      source: facts.name,
      keys,
      title: title.text,
      ...(title.html !== undefined && { titleHtml: title.html }),
      ...(summary !== undefined && { summary }),
      ...(url !== undefined && { url }),
      ...(date && { publishedAt: date.at }),
      ...(date?.day !== undefined && { publishedOn: date.day }),
      draft: false,
      authors: item.authors.map(nameFromWeb).filter((name) => name !== ''),
      categories: categoriesOf(item),
      ...(language !== undefined && { language }),
      ...(item.picture && { image: pictureFrom(item.picture) }),
      body,
      bodyHash: hashOf(item),
      place: url ?? keys.id ?? keys.path ?? '',
    },
  };
}

function bodyFrom(text: FeedText, base: string | undefined) {
  return htmlFromWeb(markupFrom(text), { base, shortcodes: true });
}

function bodyOf(text: FeedText, base: string | undefined): Html {
  const result = bodyFrom(text, base);
  return result.kind === 'html' ? result.html : [];
}

/** A post without a title is called as it begins. */
function titleOf(written: FeedText | undefined, body: Html, { feedTitle, name }: FeedFacts): Title {
  const title =
    written && (written.type === 'text' ? plainTitle(written.value) : titleFromWeb(withTextTags(written.value)));
  return title ?? titleFromWords(textOf(body)) ?? titleFromWeb(feedTitle ?? '') ?? { text: name };
}

function plainTitle(value: string): Title | undefined {
  const text = value.replace(/\s+/g, ' ').trim().slice(0, LONGEST_TITLE);
  return text === '' ? undefined : { text };
}

const LONGEST_TITLE = 2000;
const INLINE_TAG = /<(?!\/?(?:b|strong|i|em|cite|code|tt|kbd|sub|sup|del|s|u|br|span|a|small|wbr)\b[^<>]*>)/gi;

/** What only looks like a tag is text: `Array<string>`. */
function withTextTags(title: string): string {
  return title.slice(0, LONGEST_TITLE).replace(INLINE_TAG, '&lt;');
}

function categoriesOf({ categories }: FeedItem): readonly string[] {
  const spellings = new Map<string, string>();
  for (const written of categories) {
    const spelling = nameFromWeb(written);
    const key = categoryKey(spelling);
    if (key !== '' && !spellings.has(key)) spellings.set(key, spelling);
  }
  return [...spellings.values()];
}

function pictureFrom({ src, alt, width, height }: FeedPicture): Picture {
  return { src, alt, ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
}

function hashOf({ content, base }: FeedItem): string {
  if (content === undefined) return '';
  return createHash('sha256')
    .update(`${content.type} ${base ?? ''} ${content.value}`)
    .digest('hex');
}
