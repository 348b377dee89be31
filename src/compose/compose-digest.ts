/**
 * Arranges chosen posts into digests: sections in the newsletter's order, each post once, for one set of preferences
 * (rules: post-limit, clip, category-preferences, one-section, edition-key). Pure.
 */
import { createHash } from 'node:crypto';
import { type Arrangement, movedTo } from '../domain/arrangement.js';
import {
  type CategoryPreferences,
  isWanted,
  namesOf,
  OTHER,
  presentPreferences,
  sectionsOf,
} from '../domain/category.js';
import type { ClipLevel, Digest, DigestPost, Section } from '../domain/digest.js';
import type { Html } from '../domain/html.js';
import { sectionTitle } from '../domain/messages.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Messages } from '../domain/ports/content.js';
import type { KnownPost } from '../domain/post.js';
import { publicId } from '../domain/post.js';
import { excerptFrom } from './excerpt.js';
import { repeatedHeads } from './passed-over.js';
import { readingMinutesOf } from './reading-time.js';

/** The longest excerpt where the author gave neither a summary nor a more mark. */
const USUAL_CHARS = 420;

export interface ComposeInput {
  readonly newsletter: Newsletter;
  /** In the order of choosing. */
  readonly chosen: readonly KnownPost[];
  readonly bodies: ReadonlyMap<string, Html>;
  /** Names posts by their public ids. */
  readonly arrangement: Pick<Arrangement, 'pinned' | 'order' | 'sections'>;
}

/** What an edition shows of each post, the same for every reader: pinned, then as the editor ordered, then newest first. */
export function composePosts(input: ComposeInput, level: ClipLevel): readonly DigestPost[] {
  const levels = composed.get(input) ?? new Map<string, readonly DigestPost[]>();
  composed.set(input, levels);
  const key = JSON.stringify(level);
  const posts = levels.get(key) ?? composeAll(input, level);
  levels.set(key, posts);
  return posts;
}

/** Every edition of an issue shows the same posts: they are cut once. */
const composed = new WeakMap<ComposeInput, Map<string, readonly DigestPost[]>>();

function composeAll(input: ComposeInput, level: ClipLevel): readonly DigestPost[] {
  const repeated = repeatedBySource(input);
  return orderPosts(input).map(({ known, categories }) => composePost(known, categories, input, level, repeated));
}

/** What the posts of each source begin with again and again. */
function repeatedBySource({ chosen, bodies }: ComposeInput): RepeatedBySource {
  const postsOf = (source: string) =>
    chosen
      .filter(({ post }) => post.source === source)
      .map(({ uid, post }) => ({ body: bodies.get(uid) ?? [], image: post.image }));
  return new Map(
    [...new Set(chosen.map(({ post }) => post.source))].map((source) => [source, repeatedHeads(postsOf(source))]),
  );
}

type RepeatedBySource = ReadonlyMap<string, ReadonlySet<string>>;

/** A post in the order an edition shows it, with the sections it may appear in, best first. */
export interface OrderedPost {
  readonly known: KnownPost;
  readonly uid: string;
  readonly id: string;
  readonly categories: readonly string[];
}

/** Pinned, then as the editor ordered, then newest first. */
export function orderPosts(input: ComposeInput): readonly OrderedPost[] {
  const { pinned, order } = input.arrangement;
  const ranks = new Map([...new Set([...pinned, ...order])].map((id, rank) => [id, rank]));
  const rank = ({ post }: KnownPost) => ranks.get(publicId(post.keys)) ?? ranks.size;
  return [...input.chosen]
    .sort((a, b) => rank(a) - rank(b) || b.post.publishedAt.getTime() - a.post.publishedAt.getTime())
    .map((known) => {
      const id = publicId(known.post.keys);
      return { known, uid: known.uid, id, categories: sectionsOfPost(known, id, input) };
    });
}

/** A post the editor moved appears in its new section for readers who want that one, else in its own. */
function sectionsOfPost({ post }: KnownPost, id: string, { newsletter, arrangement }: ComposeInput): readonly string[] {
  const own = sectionsOf(post.categories, newsletter.categories);
  const moved = movedTo(arrangement, id);
  return moved === undefined ? own : [moved, ...own.filter((key) => key !== moved)];
}

function composePost(
  { uid, post }: KnownPost,
  categories: readonly string[],
  { newsletter, bodies }: ComposeInput,
  level: ClipLevel,
  repeatedBySource: RepeatedBySource,
): DigestPost {
  const body = bodies.get(uid) ?? [];
  const repeated = repeatedBySource.get(post.source);
  const excerpt = excerptFrom({
    body,
    title: post.title,
    ...(repeated && { repeated }),
    ...(post.summary && { summary: post.summary }),
    ...(post.image && { image: post.image }),
    language: post.language ?? newsletter.language,
    usualChars: USUAL_CHARS,
    ...(level.excerptChars !== undefined && { mostChars: level.excerptChars }),
    pictures: level.images ? newsletter.pictures : 'none',
  });
  return {
    uid,
    id: publicId(post.keys),
    title: post.title,
    ...(post.titleHtml && { titleHtml: post.titleHtml }),
    ...(post.url !== undefined && { url: post.url }),
    authors: post.authors,
    publishedAt: post.publishedAt,
    ...(post.publishedOn !== undefined && { publishedOn: post.publishedOn }),
    ...(post.language !== undefined && { language: post.language }),
    categories,
    excerpt: excerpt.html,
    continues: excerpt.continues,
    ...(excerpt.figure && { figure: excerpt.figure }),
    readingMinutes: readingMinutesOf(body),
    form: 'full',
  };
}

/** The sections that readers with these preferences see: each post once, in the first section they want (rule: one-section). */
export function arrangeSections<Post extends { readonly categories: readonly string[] }>(
  posts: readonly Post[],
  newsletter: Newsletter,
  preferences: CategoryPreferences,
): readonly { readonly key: string; readonly posts: readonly Post[] }[] {
  const sections = new Map<string, Post[]>();
  const present = presentPreferences(preferences, newsletter.categories);
  for (const post of posts) {
    const key = post.categories.find((category) => isWanted(present, category));
    if (key !== undefined) sections.set(key, [...(sections.get(key) ?? []), post]);
  }
  const keys = [...new Set([...newsletter.categories.map((category) => category.key), OTHER])];
  return keys.flatMap((key) => {
    const mine = sections.get(key);
    return mine ? [{ key, posts: mine }] : [];
  });
}

/** What one edition shows, from the posts of its issue. */
export function composeDigest(
  posts: readonly DigestPost[],
  newsletter: Newsletter,
  preferences: CategoryPreferences,
  messages: Messages,
  level: ClipLevel,
  carriedOver: number,
): Digest {
  const sections = arrangeSections(posts, newsletter, preferences).map((section, place): Section => {
    const title = sectionTitle(section.key, newsletter, messages);
    const category = newsletter.categories.find(({ key }) => key === section.key);
    const [, ...also] = category ? namesOf(category) : [];
    return {
      key: section.key,
      ...(also.length > 0 && { also }),
      title,
      posts: withLinks(withPictures(section.posts, newsletter, place), level.links),
    };
  });
  return { sections, carriedOver };
}

/** @param place of the section; its first post leads the edition when it is 0 */
function withPictures(posts: readonly DigestPost[], { pictures }: Newsletter, place: number): readonly DigestPost[] {
  if (pictures !== 'lead') return posts;
  return posts.map((post, index) => {
    const { figure: _, ...without } = post;
    return place === 0 && index === 0 ? post : without;
  });
}

/** The last `links` posts of a section, at most all of them, become title links. */
function withLinks(posts: readonly DigestPost[], links: number): readonly DigestPost[] {
  return posts.map((post, index) => (index >= posts.length - links ? { ...post, form: 'link' } : post));
}

/** Equal for editions that show the same posts under the same headings in the same language (rule: edition-key). */
export function editionKey(
  sections: readonly { readonly key: string; readonly posts: readonly { readonly uid: string }[] }[],
  language: string,
): string {
  const shown = sections.map(({ key, posts }) => [key, ...posts.map(({ uid }) => uid)]);
  return createHash('sha256')
    .update(JSON.stringify([language, shown]))
    .digest('hex')
    .slice(0, 32);
}
