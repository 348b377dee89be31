/** A rendered edition as its checks read it: filled for the reader with the longest values, and parsed once. */
import type { DigestPost } from '../domain/digest.js';
import { type Edition, fillSegments, type Segments } from '../domain/edition.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { EditionPlaces } from '../domain/ports/content.js';
import { addressesIn } from './html-addresses.js';
import { absoluteHref } from './link.js';
import { LONGEST_VALUES } from './measure.js';
import { type MailMarkup, readMarkup } from './read-markup.js';

/** Where an editor finds what a mail was made of. */
export interface MailPlaces extends EditionPlaces {
  /** The template of each part. */
  readonly html: string;
  readonly text: string;
}

export interface CheckedMail {
  readonly edition: Edition;
  readonly newsletter: Newsletter;
  /** CSS pixels of the whole mail. */
  readonly width: number;
  readonly places: MailPlaces;
}

/** What each check looks at. */
export interface ReadMail extends CheckedMail {
  readonly posts: readonly DigestPost[];
  readonly markup: MailMarkup;
  /** The parts, filled for the reader with the longest values. */
  readonly html: string;
  readonly text: string;
  readonly subject: string;
  /** Where an address in the HTML comes from: a post, or else the template. */
  origin(address: string): { readonly where: string; readonly post?: string };
}

/** @param part of the HTML, and the posts in it; the whole mail when absent */
export function readMail(
  checked: CheckedMail,
  part: { readonly html: Segments; readonly posts: readonly DigestPost[] } = wholeOf(checked),
): ReadMail {
  const { mail } = checked.edition;
  const html = fillSegments(part.html, LONGEST_VALUES);
  const owners = new Map<string, DigestPost>();
  for (const post of wholeOf(checked).posts) {
    for (const address of addressesOf(post)) if (!owners.has(address)) owners.set(address, post);
  }
  return {
    ...checked,
    posts: part.posts,
    html,
    markup: readMarkup(html),
    text: fillSegments(mail.text, LONGEST_VALUES),
    subject: fillSegments(mail.subject, LONGEST_VALUES),
    origin: (address) => {
      const post = owners.get(address);
      if (post) return { where: checked.places.post(post), post: post.id };
      return { where: checked.places.address?.(address) ?? checked.places.html };
    },
  };
}

function wholeOf({ edition: { mail, sections } }: CheckedMail) {
  return { html: mail.html, posts: sections.flatMap((section) => section.posts) };
}

/** Every address a post brings into a mail, as written there. */
function addressesOf(post: DigestPost): readonly string[] {
  const written = [
    ...(post.url === undefined ? [] : [post.url]),
    ...(post.figure ? [post.figure.src, ...addressesIn(post.figure.caption ?? [])] : []),
    ...addressesIn(post.excerpt),
    ...addressesIn(post.titleHtml ?? []),
  ];
  return written.map((address) => absoluteHref(address) ?? address);
}
