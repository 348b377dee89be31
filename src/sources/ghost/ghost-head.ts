/** A post as Ghost lists it (Content API, or an export) → its head. Pure, so that a thread can do it. */
import { createHash } from 'node:crypto';
import { languageFrom } from '../../domain/language.js';
import type { Picture, PostHead } from '../../domain/post.js';
import { canonicalOf } from '../post-canonical.js';
import { instantIn, jsonFrom, listAt, textAt } from '../web/json.js';
import type { ReadHead } from '../web/listing-api.js';
import { captionFromWeb } from '../web/web-text.js';

export interface GhostFacts {
  readonly name: string;
  readonly language?: string | undefined;
}

/** The fields of a post that a head is made from. */
export const HEAD_FIELDS = [
  ...['id', 'title', 'slug', 'url', 'updated_at', 'published_at', 'visibility', 'custom_excerpt'],
  ...['feature_image', 'feature_image_alt', 'feature_image_caption', 'locale', 'canonical_url'],
].join(',');

export const HEAD_INCLUDES = 'tags,authors';

/** @param type `posts` or `pages` */
export function headsFrom(bytes: Uint8Array, type: string, facts: GhostFacts): readonly ReadHead[] {
  const items = listAt(jsonFrom(bytes), type).filter((item) => textAt(item, 'id') !== undefined);
  return items.map((item) => headFrom(item, type, facts));
}

export function headFrom(item: unknown, type: string, facts: GhostFacts): ReadHead {
  const id = textAt(item, 'id') ?? '';
  const url = textAt(item, 'url');
  const keys = { id, path: `${type}/${id}`, ...(url !== undefined && { url }) };
  const place = url ?? keys.path;
  const status = textAt(item, 'status') ?? 'published';
  const draft = status !== 'published' && status !== 'scheduled';
  const publishedAt = instantIn(item, 'published_at') ?? (draft ? new Date(0) : undefined);
  if (publishedAt === undefined) {
    const message = 'Ghost names no date for this post. Publish it again.';
    return { kind: 'broken', broken: { source: facts.name, keys, where: place, message } };
  }
  const summary = textAt(item, 'custom_excerpt');
  const language = languageFrom(textAt(item, 'locale')) ?? facts.language;
  const image = pictureFrom(item, url);
  const post: PostHead = {
    ...{ source: facts.name, keys, place, publishedAt, draft },
    // Ghost's titles and excerpts are plain text.
    title: textAt(item, 'title')?.replace(/\s+/g, ' ') ?? id,
    ...(summary !== undefined && { summary: [{ type: 'text', value: summary }] }),
    ...(url !== undefined && { url }),
    ...canonicalOf(textAt(item, 'canonical_url'), url),
    ...(language !== undefined && { language }),
    ...(image && { image }),
    authors: listAt(item, 'authors').flatMap((author) => textAt(author, 'name') ?? []),
    categories: categoriesOf(item),
    bodyHash: versionOf(item),
  };
  return { kind: 'post', post };
}

/** Names a state of a post: Ghost changes `updated_at` with every edit. */
export function versionOf(item: unknown): string {
  return createHash('sha256')
    .update(`${textAt(item, 'id')} ${textAt(item, 'updated_at')} ${textAt(item, 'visibility')}`)
    .digest('hex');
}

/** The public tags in their order, the primary one first; `#internal` ones are the blog's own. */
function categoriesOf(item: unknown): readonly string[] {
  const tags = listAt(item, 'tags').filter((tag) => textAt(tag, 'visibility') !== 'internal');
  return [...new Set(tags.flatMap((tag) => textAt(tag, 'name') ?? []))].filter((name) => !name.startsWith('#'));
}

function pictureFrom(item: unknown, base: string | undefined): Picture | undefined {
  const src = textAt(item, 'feature_image');
  if (src === undefined || !/^https?:\/\//.test(src)) return undefined;
  const caption = captionFromWeb(textAt(item, 'feature_image_caption') ?? '', base);
  return { src, alt: textAt(item, 'feature_image_alt') ?? '', ...(caption && { caption }) };
}
