/** Effects on content: where posts come from, what editors arrange, and how an issue is rendered and checked. */
import type { Arrangement } from '../arrangement.js';
import type { Digest, DigestPost } from '../digest.js';
import type { Edition, RenderedMail } from '../edition.js';
import type { Problem } from '../errors.js';
import type { Finding } from '../finding.js';
import type { Html } from '../html.js';
import type { Newsletter } from '../newsletter.js';
import type { FeedRequest, NoticeMail, NoticeMailRequest, PageRequest } from '../page.js';
import type { BodyReading, Collection, Omission, PostHead } from '../post.js';
import type { Message } from './mail.js';

/** A place posts are read from. `collect` throws `source.failed` when the place itself cannot be read. */
export interface Source {
  readonly name: string;
  collect(request: CollectRequest): Promise<Collection>;
  /**
   * Reads the bodies of posts it listed, one answer for each in their order; throws as `collect` does. Absent for a source
   * that gives every body with its post.
   */
  bodies?(posts: readonly PostHead[], signal?: AbortSignal): Promise<readonly BodyReading[]>;
  /** What a mail cannot show of posts it listed, one answer for each in their order; absent for a source that cannot tell. */
  omissions?(posts: readonly PostHead[], signal?: AbortSignal): Promise<readonly (readonly Omission[])[]>;
  /** The folder its files lie in, absolute; absent for a source without files. */
  readonly folder?: string;
  /**
   * The file of a picture that these posts of it show, by the address its site gives it; `undefined` when there is none, or
   * none that a mail may show. Absent for a source without files.
   */
  picture?(address: string, posts: readonly PostHead[]): Promise<LocalPicture | undefined>;
  /** Reads one file again, as a view that holds nothing else. `undefined`: no post is there, or none that may be read. */
  reread?(path: string): Promise<Collection | undefined>;
}

/** A picture of a post, from a file on this host. */
export interface LocalPicture {
  /** Absolute. */
  readonly file: string;
  /** Its media type, from its bytes. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface CollectRequest {
  /** The moment of this collection. */
  readonly now: Date;
  /** What `keep` was last given, by a collection into the same store; `undefined` at the first one. */
  readonly kept?: unknown;
  /**
   * Keeps a value, as JSON, for the next collection. It is written once the posts of this collection are saved, or once it has
   * failed, so what it says of posts that were read (an ETag, the newest date) is true of the store. The last call counts.
   */
  keep(value: unknown): void;
  /** The `listing` of the collection before, unless everything has to be listed again. */
  readonly listing?: string;
  /** Where a source of files keeps what it read of each. */
  readonly looks?: FileLooks;
  /** Posts published earlier are not needed: how far back to page where that costs requests. Absent: what is listed at once. */
  readonly since?: Date;
  readonly signal?: AbortSignal;
}

/** What was read of the files of a source, kept so that a file that is as it was is not read again. */
export interface FileLooks {
  /** By path within the source. */
  read(): Promise<ReadonlyMap<string, FileLook>>;
  /** Keeps looks, and forgets the files of those paths. */
  keep(looks: ReadonlyMap<string, FileLook>, gone: readonly string[]): Promise<void>;
}

export interface FileLook {
  /** Changes when the file is written; empty when that is not certain. */
  readonly version: string;
  /** Of its bytes, and of whatever else its reading depends on. */
  readonly hash: string;
  /** What came of reading it, as JSON has it. */
  readonly reading: unknown;
}

/**
 * Which posts a file says another program has mailed: an export, or a list of addresses. Throws `import.unreadable`.
 * @param site where the posts are published, when the file does not say so
 */
export type ReadMailed = (content: Uint8Array, site?: string) => Promise<readonly MailedPost[]>;

export interface MailedPost {
  readonly id?: string;
  readonly url?: string;
  /** Names the post in its file, for people. */
  readonly where: string;
}

/**
 * What editors arranged: one file for an occurrence, below content/issues (rule: files). Every call reads the folder anew.
 * All throw `config.invalid` with the place of every problem.
 */
export interface Arrangements {
  /** `undefined` when nothing is arranged. */
  read(newsletter: Newsletter, occurrence: Date): Promise<WrittenArrangement | undefined>;
  /** The occurrences later than `since` and up to `until` that have a file, in order. */
  occurrences(newsletter: Newsletter, since: Date, until: Date): Promise<readonly Date[]>;
  /** Files that will never serve: from `since` on those whose name is no occurrence, and those of no newsletter. */
  strays(newsletter: Newsletter, since: Date): Promise<readonly Problem[]>;
  /**
   * Writes what changed and leaves the rest of the file as its author laid it out; an arrangement of nothing takes a file
   * without comments away. Throws `config.changed` where the file is not the one of that version any more.
   * @param version of what was read; `undefined`: there was no file
   */
  write(
    newsletter: Newsletter,
    occurrence: Date,
    arrangement: Arrangement,
    version: string | undefined,
  ): Promise<WrittenArrangement | undefined>;
  /** Where the arrangement of an occurrence is, or would be written: `content/issues/weekly/2026-11-30.yaml`. */
  fileOf(newsletter: Newsletter, occurrence: Date): Promise<string>;
}

/** An arrangement and the file it was read from. */
export interface WrittenArrangement {
  /** As people see it. */
  readonly file: string;
  /** The file's name without its ending: which arrangement this is. */
  readonly stem: string;
  /** Changes with every change of the file. */
  readonly version: string;
  readonly arrangement: Arrangement;
  /** file:line:column at which a post is named for the first time. */
  whereOf(post: string): string;
}

/**
 * Reports which paths below some folders were written, created or removed, shortly after it happened; several changes at once
 * are reported together. Ends with the signal.
 */
export type WatchFolders = (
  folders: readonly string[],
  onChange: (paths: readonly string[]) => void,
  signal: AbortSignal,
) => Promise<void>;

/** Turns composed editions into mail. Throws `theme.invalid` with file:line for a mistake in a template. */
export interface Renderer {
  /**
   * @param issue the same object for the editions of one issue, which differ in digest, language, subject and preheader alone:
   * what they have in common is rendered once and is the same piece in all of them (rule: pieces)
   */
  render(input: RenderInput, issue?: object, options?: RenderOptions): Promise<RenderedMail>;
  /** Bytes of HTML in a reader's copy, decoded or encoded, whichever is more: what the clip counts (rule: clip). */
  measure(mail: RenderedMail): number;
  /** About how many bytes a post takes in a mail of a theme, to compare posts and their forms. */
  weighing(theme: string): Promise<(post: DigestPost) => number>;
  /** Hashes over the files of a theme and the messages of mails: they change when the rendered mail may change (rule: approval). */
  hashes(theme: string): Promise<{ readonly theme: string; readonly messages: string }>;
  /** The next call sees every file as it is by then; otherwise a change is noticed within a second. */
  lookAgain(): void;
}

export interface RenderOptions {
  /** Render each edition by itself, as a proof of what splicing gives. */
  readonly isWhole?: boolean;
}

export interface RenderInput {
  readonly newsletter: Newsletter;
  readonly issue: { readonly number: number; readonly date: Date };
  readonly digest: Digest;
  readonly language: string;
  /** Made from the posts, or the editor's; a subject template of the newsletter goes before it. */
  readonly subject: string;
  readonly preheader: string;
  /** The editor's text before the first post. */
  readonly introduction?: Html;
  /** The mail's when absent. */
  readonly introductionLanguage?: string;
}

/** Exchanges the sources of the pictures in a rendered mail; an address for which there is no other source is kept. */
export type ReplacePictures = (
  html: string,
  sourceFor: (address: string) => Promise<string | undefined>,
) => Promise<string>;

/** Checks mails before they are sent, without network access. */
export interface Checks {
  /** A rendered edition as readers get it. @param where the files an editor finds its posts and settings in */
  edition(edition: Edition, newsletter: Newsletter, where: EditionPlaces): Promise<readonly Finding[]>;
  /** Every address of the web an edition leads to or shows, without the reader's own links. */
  addresses(edition: Edition, newsletter: Newsletter, where: EditionPlaces): Promise<readonly MailAddress[]>;
  /** A theme by its colours and by samples that use every part of it. Throws `theme.invalid` when it cannot render. */
  theme(name: string): Promise<readonly Finding[]>;
  /** A sample issue in the look of a newsletter, for when there is nothing to send. */
  sample(newsletter: Newsletter): Promise<Edition>;
  /** Who a newsletter is from. @param setting how a key of its file is named */
  sender(newsletter: Newsletter, setting: EditionPlaces['setting']): readonly Finding[];
  /** A built message as a receiving server reads it. */
  message(message: Message): readonly Finding[];
}

/** An address in a mail, and what brought it there. */
export interface MailAddress {
  readonly kind: 'link' | 'image';
  readonly url: string;
  readonly where: string;
  readonly post?: string;
}

export interface EditionPlaces {
  /** The file of a post of the edition. */
  post(post: DigestPost): string;
  /** A key of the newsletter's file. */
  setting(key: string): string;
  /** What else brought an address, such as the editor's introduction; `undefined`: a post or the theme. */
  address?(url: string): string | undefined;
}

/** How files an editor wrote are named to people. */
export interface Places {
  post(post: PostHead): string;
  /** A key in the file of a newsletter. */
  setting(newsletter: string, key: string): string;
}

/** The messages of one language: `say('excerpt.continue', { title })`. Throws `theme.invalid` for a missing key. */
export interface Messages {
  readonly language: string;
  /** Which language they were written in: the one asked for, or one it belongs to. */
  readonly catalogue: string;
  readonly direction: 'ltr' | 'rtl';
  say(key: string, values?: { readonly [name: string]: string | number }): string;
}

/** The messages of a language or its base language; `undefined` where there is no such file. */
export type MessagesIn = (language: string) => Promise<Messages | undefined>;

/** The public pages, rendered with a newsletter's theme. All throw `theme.invalid` with file:line. */
export interface Pages {
  page(request: PageRequest): Promise<string>;
  /** The style sheet of a theme's pages, and a name for this state of it. */
  style(theme: string): Promise<{ readonly css: string; readonly version: string }>;
  /** Changes when a template or a message does. */
  version(): Promise<string>;
  /** An Atom feed. */
  feed(request: FeedRequest): Promise<string>;
  /** A mail that asks for a confirmation. */
  noticeMail(request: NoticeMailRequest): Promise<NoticeMail>;
}

/** The editor's own pages. */
export interface StudioPages {
  /** Renders a page from its view, with dates in the time zone. Throws `theme.invalid` with file:line. */
  print(page: string, view: object, timezone: string): Promise<string>;
  /** A mail ready for a frame: its links are dead, and marked so. */
  frame(html: string, look: FrameLook): string;
}

export interface FrameLook {
  readonly scheme: 'light' | 'dark';
}
