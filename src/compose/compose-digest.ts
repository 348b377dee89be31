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
import type { Digest, DigestPost, Section } from '../domain/digest.js';
import type { Html } from '../domain/html.js';
import { sectionTitle } from '../domain/messages.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Messages } from '../domain/ports/content.js';
import type { KnownPost } from '../domain/post.js';
import { publicId } from '../domain/post.js';
import { excerptFrom } from './excerpt.js';
import { repeatedHeads } from './passed-over.js';
import { readingMinutesOf } from './reading-time.js';
import { POST_FORMS, type PostForm } from './shortening.js';

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
export function composePosts(input: ComposeInput): readonly DigestPost[] {
  return composedOf(input).whole;
}

/** A post of an issue in one of its forms, by index in `POST_FORMS`: the same object at every call. */
export function postInForm(input: ComposeInput, post: DigestPost, form: number): DigestPost {
  if (form === 0) return post;
  const { shortened } = composedOf(input);
  const name = `${post.uid} ${post.figure ? 'with' : 'without'}`;
  const forms = shortened.get(name) ?? [];
  shortened.set(name, forms);
  const known = forms[form] ?? composeShort(input, post, POST_FORMS[form] as PostForm);
  forms[form] = known;
  return known;
}

interface Composed {
  readonly whole: readonly DigestPost[];
  readonly repeated: RepeatedBySource;
  /** By uid and form, those of a lead apart. */
  readonly shortened: Map<string, DigestPost[]>;
}

/** Every edition of an issue shows the same posts: they are cut once. */
const composed = new WeakMap<ComposeInput, Composed>();

function composedOf(input: ComposeInput): Composed {
  const known = composed.get(input);
  if (known) return known;
  const [whole] = POST_FORMS as [PostForm];
  const repeated = repeatedBySource(input);
  const posts = orderPosts(input).map(({ known: each, categories }) =>
    composePost(each, categories, input, whole, repeated),
  );
  const fresh = { whole: posts, repeated, shortened: new Map<string, DigestPost[]>() };
  composed.set(input, fresh);
  return fresh;
}

function composeShort(input: ComposeInput, post: DigestPost, form: PostForm): DigestPost {
  const known = input.chosen.find(({ uid }) => uid === post.uid) as KnownPost;
  const short = composePost(known, post.categories, input, form, composedOf(input).repeated);
  // Where only the lead has its picture, the others do without it in every form.
  return post.figure ? short : withoutPicture(short);
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
  { excerptChars, picture, link }: PostForm,
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
    ...(excerptChars !== undefined && { mostChars: excerptChars }),
    pictures: picture ? newsletter.pictures : 'none',
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
    form: link ? 'link' : 'full',
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
    const mine = key === undefined ? undefined : sections.get(key);
    if (mine) mine.push(post);
    else if (key !== undefined) sections.set(key, [post]);
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
  carriedOver: number,
): Digest {
  const sections = arrangeSections(posts, newsletter, preferences).map((section, place): Section => {
    const title = sectionTitle(section.key, newsletter, messages);
    const category = newsletter.categories.find(({ key }) => key === section.key);
    const [, ...also] = category ? namesOf(category) : [];
    const shown = withPictures(section.posts, newsletter, place);
    return { key: section.key, ...(also.length > 0 && { also }), title, posts: shown };
  });
  return { sections, carriedOver };
}

/** @param place of the section; its first post leads the edition when it is 0 */
function withPictures(posts: readonly DigestPost[], { pictures }: Newsletter, place: number): readonly DigestPost[] {
  if (pictures !== 'lead') return posts;
  return posts.map((post, index) => (place === 0 && index === 0 ? post : withoutPicture(post)));
}

/** The same object at every call, since editions share it. */
function withoutPicture(post: DigestPost): DigestPost {
  if (!post.figure) return post;
  const { figure: _, ...others } = post;
  const without = pictureless.get(post) ?? others;
  pictureless.set(post, without);
  return without;
}

const pictureless = new WeakMap<DigestPost, DigestPost>();

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
