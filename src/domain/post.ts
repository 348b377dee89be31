import type { Html } from './html.js';

/** One published piece of content, from any source, as last listed. */
export interface Post extends PostHead {
  /** From a source that has it at hand, such as a feed; otherwise it is read when an issue may carry the post. */
  readonly body?: Html;
}

/** What came of reading the body of a listed post. */
export type BodyReading =
  /** Sanitised, every link and image absolute. */
  | { readonly kind: 'body'; readonly body: Html }
  | ({ readonly kind: 'broken' } & BrokenPlace)
  /** It could not be read this time: it was edited or removed since it was listed, or cannot be opened. */
  | ({ readonly kind: 'unread' } & BrokenPlace);

/** Everything of a post but its body: what choosing needs. */
export interface PostHead {
  readonly source: string;
  readonly keys: PostKeys;
  /** Plain text, never empty: an untitled post is named by its source. */
  readonly title: string;
  /** The title with its inline markup (code, emphasis), when it has any. */
  readonly titleHtml?: Html;
  /** The author's own short text. */
  readonly summary?: Html;
  /** Where the post is read, absolute http(s); absent when the source cannot tell. */
  readonly url?: string;
  /** The address that its page names as its own, absolute http(s), where that is known and another one. */
  readonly canonical?: string;
  readonly publishedAt: Date;
  /** The day as it is written, `2026-06-09`, when no time is: it is shown as that day in every zone (rule: time). */
  readonly publishedOn?: string;
  readonly expiresAt?: Date;
  readonly draft: boolean;
  /** Set when its author wants it in no newsletter. */
  readonly optedOut?: boolean;
  readonly authors: readonly string[];
  /** As the author wrote them, in their order. */
  readonly categories: readonly string[];
  /** BCP 47, when the post says it. */
  readonly language?: string;
  /** Equal for the translations of one post within its source; absent where it has none. */
  readonly translationKey?: string;
  /** The leading picture named in front matter. */
  readonly image?: Picture;
  /** A hash of the text the body is made from, hex; empty for an empty body. */
  readonly bodyHash: string;
  /** A hash of the settings the body depends on besides, where there are such. */
  readonly bodySettings?: string;
  /** Where a person finds it: a path inside its source, or a URL. */
  readonly place: string;
}

export interface Picture {
  readonly src: string;
  readonly alt: string;
  readonly caption?: Html;
  /** CSS pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** Every key a post is known by within its source (rule: identity). */
export interface PostKeys {
  /** From front matter, a feed's guid, an API's id. */
  readonly id?: string;
  readonly url?: string;
  /** Path within the source, with `/`. */
  readonly path?: string;
}

/** What a source could not read: reported with its place, skipped, never fatal. */
export interface BrokenPost {
  readonly source: string;
  readonly keys: PostKeys;
  /** file:line:column, or as near as is known. */
  readonly where: string;
  readonly message: string;
}

/** What one reading of a source gave. */
export interface Collection {
  readonly source: string;
  readonly posts: readonly Post[];
  readonly broken: readonly BrokenPost[];
  /** True for a whole listing (folder, API), false for a view (feed): only a whole one withdraws posts. */
  readonly complete: boolean;
  /** What an editor should know of this reading, beyond single posts; each kind once. */
  readonly notes?: readonly SourceNote[];
  /** How long to wait for the next reading between issues; absent: as for every source. */
  readonly waitMs?: number;
  /** A name for everything that was listed; absent where a source cannot tell whether something has changed. */
  readonly listing?: string;
  /** Everything is as it was listed under the name that was asked about; nothing else is told. */
  readonly isUnchanged?: boolean;
}

/** What is kept of a whole listing, for when nothing has changed. */
export interface KeptListing extends Pick<Collection, 'broken' | 'notes'> {
  readonly listing: string;
}

export type SourceNote =
  /** Files that are no posts, although they may look like some: without a date, or in a format that is not read. */
  | {
      readonly kind: 'undated' | 'format';
      readonly count: number;
      /** One of them, as people see it. */
      readonly example: string;
    }
  /** How the reading went, and what to do about it: a sentence or two each. */
  | { readonly kind: 'reading'; readonly text: string; readonly fix: string };

/** A note on files. */
export type FilesNote = Extract<SourceNote, { readonly count: number }>;

/** Where a post cannot be read, and why. */
export interface BrokenPlace {
  readonly where: string;
  readonly message: string;
}

/** So many files with one fault are still named one by one. */
const NAMED_EACH = 3;

/**
 * Groups broken files by what is wrong with them, each group as one of them with their number; what a message quotes and counts
 * makes no difference. A few are not grouped.
 */
export function groupedByFault<Of extends BrokenPlace>(
  broken: readonly Of[],
): readonly (Of & { readonly count: number })[] {
  const groups = new Map<string, Of[]>();
  for (const each of broken) {
    const fault = each.message.replace(/“[^“”]*”|\d+/g, '…');
    const group = groups.get(fault) ?? [];
    group.push(each);
    groups.set(fault, group);
  }
  return [...groups.values()].flatMap((group) =>
    group.length <= NAMED_EACH
      ? group.map((each) => ({ ...each, count: 1 }))
      : [{ ...(group[0] as Of), count: group.length }],
  );
}

/** Something its author wrote that readers of a mail do not see: a link or picture, another part of the post, a key that counts for nothing. */
export interface Omission {
  readonly kind: 'link' | 'image' | 'part' | 'key';
  /** file:line:column */
  readonly where: string;
  /** As it is written, shortened; of a key, what is wrong with it. */
  readonly text: string;
}

/** A post as the store remembers it. */
export interface KnownPost {
  /** The store's own key, stable for ever. */
  readonly uid: string;
  readonly post: PostHead;
  /** When it became news (rule: news-since-last-issue); absent until it was first seen publishable. */
  readonly newsAt?: Date;
  /** Set while its source no longer lists it. */
  readonly withdrawnAt?: Date;
  /** Set while it cannot be read or clashes with another: where, and why. */
  readonly broken?: BrokenPlace;
}

/** Equal for posts with equal bodies: relative links in a body depend on the URL. */
export function bodyKeyOf({ bodyHash, bodySettings, url }: PostHead): string {
  return [bodyHash, ...(bodySettings === undefined ? [] : [bodySettings]), url ?? ''].join(' ');
}

/** A head from its JSON, which has moments as text. It is the same object, because copying each of many posts takes long. */
export function headFromData(data: unknown): PostHead {
  const head = data as { -readonly [Key in keyof PostHead]: PostHead[Key] };
  head.publishedAt = new Date(head.publishedAt);
  if (head.expiresAt !== undefined) head.expiresAt = new Date(head.expiresAt);
  return head;
}

/** The id a post has in `--json` output: its own id, else its URL, else its path (rule: identity). */
export function publicId(keys: PostKeys): string {
  return keys.id ?? keys.url ?? keys.path ?? '';
}

export type Publishability = 'publishable' | 'draft' | 'future' | 'expired';

/** Whether a readable post may be shown at an instant. A post expires at its `expiresAt`, inclusive. */
export function publishabilityAt(post: PostHead, at: Date): Publishability {
  if (post.draft) return 'draft';
  // As numbers, because comparing dates as objects takes many times as long.
  const atMs = at.getTime();
  if (post.publishedAt.getTime() > atMs) return 'future';
  if (post.expiresAt && post.expiresAt.getTime() <= atMs) return 'expired';
  return 'publishable';
}
