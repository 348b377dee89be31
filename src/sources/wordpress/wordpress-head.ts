/** A post as WordPress lists it (REST API, `wp/v2`) → its head. Pure, so that a thread can do it. */
import { createHash } from 'node:crypto';
import { textOf } from '../../domain/html.js';
import { languageFrom } from '../../domain/language.js';
import type { Picture, PostHead, PostKeys } from '../../domain/post.js';
import { canonicalOf } from '../post-canonical.js';
import { titleFromSlug } from '../title.js';
import { countAt, instantIn, jsonFrom, listAt, textAt, valueAt } from '../web/json.js';
import type { ReadHead } from '../web/listing-api.js';
import { captionFromWeb, cleanHtml, nameFromWeb, titleFromWeb, titleFromWords } from '../web/web-text.js';

/** What reading needs to know of its source. */
export interface WordPressFacts {
  readonly name: string;
  /** Taxonomies whose terms are categories, by their name in WordPress. */
  readonly taxonomies: readonly string[];
  readonly language?: string | undefined;
}

/** What one answer of the API lists. */
export interface ReadHeads {
  readonly heads: readonly ReadHead[];
  /** The ids of posts without a title. */
  readonly untitled: readonly number[];
}

/** The fields of a post that a head is made from, as the API is asked for them. */
export const HEAD_FIELDS = [
  ...['id', 'guid', 'date_gmt', 'modified_gmt', 'slug', 'status', 'type', 'link', 'title', 'content.protected'],
  // Polylang and WPML.
  ...['lang', 'wpml_current_locale'],
  // Yoast SEO.
  'yoast_head_json.canonical',
  ...['_links.author', '_links.wp:term', '_links.wp:featuredmedia', '_embedded'],
].join(',');

export const HEAD_EMBEDS = 'author,wp:term,wp:featuredmedia';

/** @param type what the API calls this type of post: `posts` */
export function headsFrom(bytes: Uint8Array, type: string, facts: WordPressFacts): ReadHeads {
  const json = jsonFrom(bytes);
  const items = (Array.isArray(json) ? json : []).filter((item) => countAt(item, 'id') !== undefined);
  return {
    heads: items.map((item) => headFrom(item, type, facts)),
    untitled: items.filter(isUntitled).flatMap((item) => countAt(item, 'id') ?? []),
  };
}

function headFrom(item: unknown, type: string, facts: WordPressFacts): ReadHead {
  const url = textAt(item, 'link');
  const keys = { ...keysOf(item, `${type}/${countAt(item, 'id')}`), ...(url !== undefined && { url }) };
  const place = url ?? keys.path;
  // A post behind a password, or one that is not public yet, is listed and not sent.
  const draft = textAt(item, 'status') !== 'publish' && textAt(item, 'status') !== 'future';
  const publishedAt = instantIn(item, 'date_gmt') ?? (draft ? new Date(0) : undefined);
  if (publishedAt === undefined) {
    const message = 'WordPress names no date for this post. Set one and save it again.';
    return { kind: 'broken', broken: { source: facts.name, keys, where: place, message } };
  }
  const language = languageFrom(textAt(item, 'lang') ?? textAt(item, 'wpml_current_locale')) ?? facts.language;
  const image = pictureFrom(valueAt(item, '_embedded', 'wp:featuredmedia', 0), url);
  const post: PostHead = {
    ...{ source: facts.name, keys, place, publishedAt },
    ...titleOf(item, keys.path),
    ...(url !== undefined && { url }),
    ...canonicalOf(textAt(item, 'yoast_head_json', 'canonical'), url),
    ...(language !== undefined && { language }),
    ...(image && { image }),
    draft: draft || valueAt(item, 'content', 'protected') === true,
    authors: listAt(item, '_embedded', 'author').flatMap((author) => nameOf(author)),
    categories: categoriesOf(item, facts),
    bodyHash: versionOf(item),
  };
  return { kind: 'post', post };
}

/** The guid is the same in the API, in feeds and in exports: a post keeps it when the source changes. */
function keysOf(item: unknown, path: string): PostKeys & { readonly path: string } {
  const guid = textAt(item, 'guid', 'rendered');
  return guid === undefined ? { path } : { id: nameFromWeb(guid), path };
}

/** Names a state of a post: WordPress changes `modified_gmt` with every edit. */
export function versionOf(item: unknown): string {
  return createHash('sha256')
    .update(`${valueAt(item, 'id')} ${valueAt(item, 'modified_gmt')}`)
    .digest('hex');
}

/** What such a post is called depends on its text, which is no part of a head. */
function isUntitled(item: unknown): boolean {
  return titleFromWeb(textAt(item, 'title', 'rendered') ?? '') === undefined;
}

function titleOf(item: unknown, path: string): Pick<PostHead, 'title' | 'titleHtml'> {
  const written = titleFromWeb(textAt(item, 'title', 'rendered') ?? '');
  const begins = () => titleFromWords(textOf(cleanHtml(textAt(item, 'excerpt', 'rendered') ?? '', undefined)));
  const slug = textAt(item, 'slug');
  const title = written ?? begins() ?? titleFromSlug(slug === undefined || /^[\d-]+$/.test(slug) ? path : slug);
  return { title: title.text, ...(title.html && { titleHtml: title.html }) };
}

function nameOf(value: unknown): readonly string[] {
  const name = nameFromWeb(textAt(value, 'name') ?? '');
  return name === '' ? [] : [name];
}

function categoriesOf(item: unknown, { taxonomies }: WordPressFacts): readonly string[] {
  const terms = listAt(item, '_embedded', 'wp:term').flatMap((group) => (Array.isArray(group) ? group : []));
  const names = taxonomies.flatMap((taxonomy) =>
    terms.flatMap((term) => {
      const isSubject = textAt(term, 'taxonomy') === taxonomy && textAt(term, 'slug') !== 'uncategorized';
      return isSubject ? nameOf(term) : [];
    }),
  );
  return [...new Set(names)];
}

/** Twice the width of a mail; the file as uploaded may have the size of a camera's sensor. */
const WANTED_WIDTH = 1200;

function pictureFrom(media: unknown, base: string | undefined): Picture | undefined {
  const sizes = Object.values((valueAt(media, 'media_details', 'sizes') ?? {}) as object)
    .map((size: unknown) => ({
      src: textAt(size, 'source_url'),
      width: countAt(size, 'width'),
      height: countAt(size, 'height'),
    }))
    // A thumbnail is cropped.
    .filter(({ width }) => width !== undefined && width > 300)
    .sort((a, b) => (a.width ?? 0) - (b.width ?? 0));
  const fitting = sizes.find(({ width }) => (width ?? 0) >= WANTED_WIDTH) ?? sizes.at(-1);
  const src = fitting?.src ?? textAt(media, 'source_url');
  if (src === undefined || !/^https?:\/\//.test(src)) return undefined;
  const caption = captionFromWeb(textAt(media, 'caption', 'rendered') ?? '', base);
  return {
    src,
    alt: textAt(media, 'alt_text') ?? '',
    ...(caption && { caption }),
    ...(fitting?.width !== undefined && { width: fitting.width }),
    ...(fitting?.height !== undefined && { height: fitting.height }),
  };
}
