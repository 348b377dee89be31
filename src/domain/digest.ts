import type { Html } from './html.js';
import type { Picture } from './post.js';

/** The ordered, grouped selection of posts of one issue, as data. */
export interface Digest {
  readonly sections: readonly Section[];
  /** How many posts wait for the next issue because of `maxPosts`. */
  readonly carriedOver: number;
}

/** The posts under one heading. */
export interface Section {
  /** A category key, or `other`. */
  readonly key: string;
  /** Other names of the category: readers who chose one of them want this section. */
  readonly also?: readonly string[];
  readonly title: string;
  readonly posts: readonly DigestPost[];
}

/** A post as an edition shows it. */
export interface DigestPost {
  readonly uid: string;
  readonly id: string;
  readonly title: string;
  readonly titleHtml?: Html;
  readonly url?: string;
  readonly authors: readonly string[];
  readonly publishedAt: Date;
  /** The day, when no time is written: `2026-06-09`. */
  readonly publishedOn?: string;
  readonly language?: string;
  /** The newsletter's category keys this post is in, in the newsletter's order; never empty (`other`). */
  readonly categories: readonly string[];
  /** Well-formed, closed, without headings; empty when the body has no text to show. */
  readonly excerpt: Html;
  /** True when the body holds more than the excerpt shows. */
  readonly continues: boolean;
  readonly figure?: Picture;
  /** Whole minutes; 0 when there is nothing to read. */
  readonly readingMinutes: number;
  /** `link`: shown as a title link alone, so that the mail is not clipped (rule: clip). */
  readonly form: 'full' | 'link';
}

/** How far an edition is shortened to stay below the clip: how many of its posts, by what each has lost (rule: clip). */
export interface ClipLevel {
  readonly excerpts: number;
  readonly pictures: number;
  readonly links: number;
}

/** An edition that shows every post as it was composed. */
export const NOT_SHORTENED: ClipLevel = { excerpts: 0, pictures: 0, links: 0 };
