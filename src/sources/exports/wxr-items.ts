/**
 * An export of WordPress (WXR), read as a stream: its items in the form in which the REST API gives posts, so that both are read
 * by the same code and a post keeps its keys when the source changes.
 */
import { SaxesParser } from 'saxes';
import { withParagraphs } from './wordpress-paragraphs.js';

export type WxrItem = { readonly id: number; readonly type: string; readonly [field: string]: unknown };

export type WxrEnd =
  | { readonly kind: 'read' }
  /** It is no export of WordPress, or no XML. @property line where that was noticed */
  | { readonly kind: 'no-export'; readonly line: number };

/** Longer than any post; of a longer text the beginning is read. In UTF-16 code units. */
const LONGEST_TEXT = 2_000_000;

/** Hands over every item in the order of the file. Awaits `onItem`, so that the file is read no faster than its items. */
export async function readWxr(
  bytes: AsyncIterable<Uint8Array>,
  onItem: (item: WxrItem) => Promise<void> | void,
): Promise<WxrEnd> {
  const items: WxrItem[] = [];
  const state = openState((item) => void items.push(item));
  const decoder = new TextDecoder();
  for await (const chunk of bytes) {
    state.write(decoder.decode(chunk, { stream: true }));
    for (const item of items.splice(0)) await onItem(item);
    if (state.isOther()) return { kind: 'no-export', line: state.line() };
  }
  state.write(decoder.decode());
  for (const item of items.splice(0)) await onItem(item);
  return state.isExport() ? { kind: 'read' } : { kind: 'no-export', line: state.line() };
}

type Fields = { [name: string]: string };

interface ItemState {
  readonly fields: Fields;
  readonly terms: { taxonomy: string; slug: string; name: string }[];
  readonly meta: Fields;
}

function openState(onItem: (item: WxrItem) => void) {
  const parser = new SaxesParser({ position: true });
  const authors = new Map<string, string>();
  const path: string[] = [];
  let item: ItemState | undefined;
  let outside: Fields = {};
  let text = '';
  let term = { taxonomy: '', slug: '' };
  let version = false;
  let elements = 0;
  const add = (more: string) => {
    if (text.length < LONGEST_TEXT) text += more.slice(0, LONGEST_TEXT - text.length);
  };
  parser.on('opentag', ({ name, attributes }) => {
    elements += 1;
    path.push(name);
    text = '';
    if (name === 'item') item = { fields: {}, terms: [], meta: {} };
    if (name === 'wp:author' || name === 'wp:postmeta') outside = {};
    if (name === 'category')
      term = { taxonomy: String(attributes.domain ?? ''), slug: String(attributes.nicename ?? '') };
  });
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', ({ name }) => {
    path.pop();
    if (name === 'wp:wxr_version') version = true;
    const value = text;
    text = '';
    const parent = path.at(-1);
    if (name === 'item' && item) {
      onItem(itemFrom(item, authors));
      item = undefined;
    } else if (name === 'wp:author')
      authors.set(outside['wp:author_login'] ?? '', outside['wp:author_display_name'] ?? '');
    else if (name === 'wp:postmeta' && item) item.meta[outside['wp:meta_key'] ?? ''] = outside['wp:meta_value'] ?? '';
    else if (parent === 'wp:author' || parent === 'wp:postmeta') outside[name] = value;
    else if (parent === 'item' && item && name === 'category') item.terms.push({ ...term, name: value });
    else if (parent === 'item' && item) item.fields[name] = value;
  });
  // A control character or a stray ampersand spoils one text, and not the file.
  parser.on('error', () => undefined);
  return {
    write: (chunk: string) => void parser.write(chunk),
    isExport: () => version,
    /** Whether so much was read that an export would have said that it is one. */
    isOther: () => !version && (elements > 200 || (elements === 0 && parser.position > 10_000)),
    line: () => parser.line,
  };
}

function itemFrom({ fields, terms, meta }: ItemState, authors: ReadonlyMap<string, string>): WxrItem {
  const password = fields['wp:post_password'] ?? '';
  const author = fields['dc:creator'] ?? '';
  return {
    id: Number(fields['wp:post_id'] ?? 0),
    type: fields['wp:post_type'] ?? '',
    status: fields['wp:status'] ?? '',
    slug: fields['wp:post_name'] ?? '',
    link: fields.link ?? '',
    guid: { rendered: fields.guid ?? '' },
    date_gmt: fields['wp:post_date_gmt'] ?? '',
    modified_gmt: fields['wp:post_modified_gmt'] ?? fields['wp:post_date_gmt'] ?? '',
    title: { rendered: fields.title ?? '' },
    content: { rendered: withParagraphs(fields['content:encoded'] ?? ''), protected: password !== '' },
    excerpt: { rendered: fields['excerpt:encoded'] ?? '' },
    thumbnail: meta._thumbnail_id,
    attachment: fields['wp:attachment_url'],
    alt: meta._wp_attachment_image_alt,
    _embedded: {
      author: author === '' ? [] : [{ name: authors.get(author) || author }],
      'wp:term': [terms],
    },
  };
}
