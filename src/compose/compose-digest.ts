/**
 * Arranges chosen posts into digests: sections in the newsletter's order, each post once, for a set of wishes
 * (rules: post-limit, clip, category-preferences, one-section, edition-key). Pure.
 */
import { createHash } from 'node:crypto';
import { type Arrangement, movedTo } from '../domain/arrangement.js';
import { type CategoryPreferences, isWanted, OTHER, sectionsOf } from '../domain/category.js';
import type { ClipLevel, Digest, DigestPost, Section } from '../domain/digest.js';
import type { Html } from '../domain/html.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Messages } from '../domain/ports/content.js';
import type { KnownPost } from '../domain/post.js';
import { publicId } from '../domain/post.js';
import { excerptFrom } from './excerpt.js';

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
  const { pinned, order } = input.arrangement;
  const ranks = new Map([...new Set([...pinned, ...order])].map((id, rank) => [id, rank]));
  const rank = ({ post }: KnownPost) => ranks.get(publicId(post.keys)) ?? ranks.size;
  return [...input.chosen]
    .sort((a, b) => rank(a) - rank(b) || b.post.publishedAt.getTime() - a.post.publishedAt.getTime())
    .map((known) => composePost(known, input, level));
}

/** A moved post stands in its new section where that is wished for, and else where it would have stood. */
function sectionsOfPost({ post }: KnownPost, { newsletter, arrangement }: ComposeInput): readonly string[] {
  const own = sectionsOf(post.categories, newsletter.categories);
  const moved = movedTo(arrangement, publicId(post.keys));
  return moved === undefined ? own : [moved, ...own.filter((key) => key !== moved)];
}

function composePost(known: KnownPost, input: ComposeInput, level: ClipLevel): DigestPost {
  const { uid, post } = known;
  const { newsletter, bodies } = input;
  const excerpt = excerptFrom({
    body: bodies.get(uid) ?? [],
    ...(post.summary && { summary: post.summary }),
    ...(post.image && { image: post.image }),
    language: post.language ?? newsletter.language,
    usualChars: USUAL_CHARS,
    ...(level.excerptChars !== undefined && { mostChars: level.excerptChars }),
  });
  return {
    uid,
    id: publicId(post.keys),
    title: post.title,
    ...(post.titleHtml && { titleHtml: post.titleHtml }),
    ...(post.url !== undefined && { url: post.url }),
    authors: post.authors,
    publishedAt: post.publishedAt,
    ...(post.language !== undefined && { language: post.language }),
    categories: sectionsOfPost(known, input),
    excerpt: excerpt.html,
    continues: excerpt.continues,
    ...(excerpt.figure && level.images && { figure: excerpt.figure }),
    readingMinutes: post.readingMinutes,
    form: 'full',
  };
}

/** The sections of one edition: each post in its first wished section, empty sections left out. */
export function composeDigest(
  posts: readonly DigestPost[],
  newsletter: Newsletter,
  wishes: CategoryPreferences,
  words: Messages,
  level: ClipLevel,
  heldOver: number,
): Digest {
  const keys = new Set([...newsletter.categories.map(({ key }) => key), OTHER]);
  const sections = [...keys].flatMap((key): Section[] => {
    const mine = posts.filter((post) => post.categories.find((category) => isWanted(wishes, category)) === key);
    return mine.length === 0
      ? []
      : [{ key, title: headingOf(key, newsletter, words), posts: withLinks(mine, level.links) }];
  });
  return { sections, heldOver };
}

function headingOf(key: string, newsletter: Newsletter, words: Messages): string {
  const category = newsletter.categories.find((each) => each.key === key);
  if (!category) return words.say('section.other');
  return category.title[words.language] ?? category.title[newsletter.language] ?? category.key;
}

/** The last `links` posts of a section, at most all of them, become title links. */
function withLinks(posts: readonly DigestPost[], links: number): readonly DigestPost[] {
  return posts.map((post, index) => (index >= posts.length - links ? { ...post, form: 'link' } : post));
}

/** Equal for digests that show the same posts under the same headings in the same language (rule: edition-key). */
export function editionKey(digest: Digest, language: string): string {
  const shown = digest.sections.map(({ key, posts }) => [key, ...posts.map(({ uid }) => uid)]);
  return createHash('sha256')
    .update(JSON.stringify([language, shown]))
    .digest('hex')
    .slice(0, 32);
}
