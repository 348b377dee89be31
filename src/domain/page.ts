/** What the public pages show, as data; a theme prints them. */
import type { DigestPost } from './digest.js';
import type { Newsletter } from './newsletter.js';

/** One page to render. */
export interface PageRequest {
  /** Gives the page its theme, name and postal address. */
  readonly newsletter: Newsletter;
  readonly language: string;
  readonly links: PageLinks;
  readonly view: PageView;
}

/** The links around a page, ready for an `href`. */
export interface PageLinks {
  readonly style: string;
  readonly signUp: string;
  readonly archive: string;
  readonly feed: string;
}

/** A check box. */
export interface Choice {
  readonly key: string;
  readonly title: string;
  readonly isChosen: boolean;
}

/** Pages with one message and no form: `page.notice.<name>` in the message files. */
export type NoticeName =
  | 'bad-link'
  | 'not-found'
  | 'check-mail'
  | 'confirmed'
  | 'again'
  | 'expired'
  | 'address-changed'
  | 'address-taken'
  | 'too-many'
  | 'erased'
  | 'nothing-sent'
  | 'who'
  | 'failed';

export type PageView =
  | { readonly kind: 'notice'; readonly notice: NoticeName; readonly preferencesUrl: string | null }
  | HomeView
  | SignUpView
  | ConfirmView
  | UnsubscribeView
  | PreferencesView
  | ArchiveView
  | PostsView;

export interface HomeView {
  readonly kind: 'home';
  readonly newsletters: readonly {
    readonly title: string;
    readonly frequency: Frequency;
    readonly signUp: string;
    readonly archive: string;
  }[];
}

export type Frequency = 'daily' | 'weekly' | 'fortnightly' | 'monthly' | 'seldom';

export interface SignUpView {
  readonly kind: 'sign-up';
  readonly frequency: Frequency;
  readonly address: string;
  readonly name: string;
  readonly categories: readonly Choice[];
  /** Only the chosen categories, not everything. */
  readonly isChosen: boolean;
  /** What is wrong with what was entered; `again`: the form has to be sent once more. */
  readonly problem: 'address' | 'again' | null;
  /** When the form was shown, signed: a form that comes back at once was not filled in by a person. */
  readonly stamp: string;
}

export interface ConfirmView {
  readonly kind: 'confirm';
  readonly purpose: 'sign-up' | 'change-address';
  readonly address: string;
}

export interface UnsubscribeView {
  readonly kind: 'unsubscribe';
  readonly address: string;
  readonly isSubscribed: boolean;
  /** What was just done; null when the page is only shown. */
  readonly done: 'this' | 'everything' | 'only' | 'undone' | null;
  readonly categories: readonly Choice[];
  /** Whether the reader gets other newsletters as well. */
  readonly hasOthers: boolean;
  /** Why nothing was done. */
  readonly problem: 'categories' | 'undo' | null;
  /** Undoes the last step, for a while; null when there is nothing to undo. */
  readonly undo: string | null;
  readonly preferencesUrl: string;
}

export interface PreferencesView {
  readonly kind: 'preferences';
  readonly address: string;
  readonly name: string;
  readonly isSubscribed: boolean;
  /** Whether the reader gets other newsletters as well. */
  readonly hasOthers: boolean;
  readonly categories: readonly Choice[];
  /** Only the chosen categories, not everything. */
  readonly isChosen: boolean;
  readonly newsletters: readonly Choice[];
  readonly languages: readonly Choice[];
  readonly pausedUntil: Date | null;
  /** The first and the last day a pause may end, as an HTML date field takes them. */
  readonly pauseFrom: string;
  readonly pauseTo: string;
  readonly saved: 'saved' | 'paused' | 'resumed' | 'address-asked' | null;
  readonly problem: 'categories' | 'address' | 'date' | 'erase' | null;
  readonly dataUrl: string;
  readonly unsubscribeUrl: string;
}

export interface ArchiveView {
  readonly kind: 'archive';
  readonly issues: readonly {
    readonly number: number;
    readonly date: Date;
    readonly titles: readonly string[];
    readonly more: number;
    readonly url: string;
  }[];
  readonly categories: readonly CategoryLink[];
  readonly older: string | null;
  readonly newer: string | null;
}

export interface CategoryLink {
  readonly title: string;
  readonly url: string;
  /** Whether this is its page. */
  readonly isHere: boolean;
}

/** Posts one after another: of a category, or the remaining ones of an issue. */
export interface PostsView {
  readonly kind: 'posts';
  readonly title: string;
  /** Links to every category; empty for an issue. */
  readonly categories: readonly CategoryLink[];
  /** The issue these are the posts of; null for a category. */
  readonly issue: { readonly number: number; readonly date: Date } | null;
  readonly posts: readonly DigestPost[];
  readonly older: string | null;
  readonly newer: string | null;
  /** The feed of just these posts; null where there is none. */
  readonly feed: string | null;
}

/** A feed of a newsletter's issues, or of a category's posts (RFC 4287). */
export interface FeedRequest {
  readonly newsletter: Newsletter;
  readonly title: string;
  /** Absolute: the feed itself, and the page it goes with. */
  readonly url: string;
  readonly page: string;
  readonly entries: readonly FeedEntry[];
}

export interface FeedEntry {
  /** Absolute; also its id, for good. */
  readonly url: string;
  readonly title: string;
  readonly at: Date;
  readonly authors: readonly string[];
  readonly excerpt: DigestPost['excerpt'];
}

/** A mail that asks for a confirmation. */
export interface NoticeMailRequest {
  readonly newsletter: Newsletter;
  readonly language: string;
  readonly purpose: 'sign-up' | 'change-address';
  readonly isReminder: boolean;
  readonly frequency: Frequency;
  readonly address: string;
  readonly confirmUrl: string;
  /** Whole days the link works for. */
  readonly days: number;
}

export interface NoticeMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
