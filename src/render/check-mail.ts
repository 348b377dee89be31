/** Looks closely at a rendered edition, as a reader would get it: what an editor should mend, and where. */
import type { DigestPost } from '../domain/digest.js';
import { type Edition, fillSegments } from '../domain/edition.js';
import type { Finding } from '../domain/finding.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { EditionPlaces, MailAddress } from '../domain/ports/content.js';
import { checkLinks } from './check-links.js';
import { checkOutline } from './check-outline.js';
import { checkPictures } from './check-pictures.js';
import { checkPosts } from './check-posts.js';
import { checkSize } from './check-size.js';
import { checkSubject } from './check-subject.js';
import { checkText } from './check-text.js';
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

/** A mail that was read: what the single checks look at. */
export interface ReadMail extends CheckedMail {
  readonly posts: readonly DigestPost[];
  readonly markup: MailMarkup;
  /** The parts, filled for the reader with the longest values. */
  readonly html: string;
  readonly text: string;
  readonly subject: string;
  /** Where an address of the HTML comes from: a post, or else the template. */
  origin(address: string): { readonly where: string; readonly post?: string };
}

/** Everything worth telling about an edition; empty for a good one. */
export function checkMail(checked: CheckedMail): readonly Finding[] {
  const mail = readMail(checked);
  return [
    ...checkSubject(mail),
    ...checkPosts(mail),
    ...checkLinks(mail),
    ...checkPictures(mail),
    ...checkOutline(mail),
    ...checkText(mail),
    ...checkSize(mail),
  ];
}

/** The addresses of the web in an edition, each once; those of a reader are nobody else's to follow. */
export function addressesOfMail(checked: CheckedMail): readonly MailAddress[] {
  const { markup, origin } = readMail(checked);
  const own = new Set(Object.values(LONGEST_VALUES));
  const found = new Map<string, MailAddress>();
  const add = (kind: MailAddress['kind'], written: string) => {
    const url = absoluteHref(written);
    if (url === undefined || own.has(url) || !/^https?:/i.test(url)) return;
    found.set(`${kind} ${url}`, { kind, url, ...origin(url) });
  };
  for (const { href } of markup.links) if (href !== undefined) add('link', href);
  for (const { src } of markup.pictures) add('image', src);
  return [...found.values()];
}

function readMail(checked: CheckedMail): ReadMail {
  const { mail, sections } = checked.edition;
  const html = fillSegments(mail.html, LONGEST_VALUES);
  const posts = sections.flatMap((section) => section.posts);
  const owners = new Map<string, DigestPost>();
  for (const post of posts) {
    for (const address of addressesOf(post)) if (!owners.has(address)) owners.set(address, post);
  }
  return {
    ...checked,
    posts,
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

/** Every address a post brings into a mail, as it stands there. */
function addressesOf(post: DigestPost): readonly string[] {
  const written = [
    ...(post.url === undefined ? [] : [post.url]),
    ...(post.figure ? [post.figure.src, ...addressesIn(post.figure.caption ?? [])] : []),
    ...addressesIn(post.excerpt),
    ...addressesIn(post.titleHtml ?? []),
  ];
  return written.map((address) => absoluteHref(address) ?? address);
}
