/** Checks a rendered edition as a reader would get it: what an editor should fix, and where. */
import type { DigestPost } from '../domain/digest.js';
import { fillSegments, type Piece, type Segments } from '../domain/edition.js';
import type { Finding } from '../domain/finding.js';
import type { MailAddress } from '../domain/ports/content.js';
import { checkLinks } from './check-links.js';
import { checkHeadings, checkRoots } from './check-outline.js';
import { checkPictures } from './check-pictures.js';
import { checkPosts } from './check-posts.js';
import { checkSize, checkStyles } from './check-size.js';
import { checkSubject } from './check-subject.js';
import { checkSameText, checkWholeText } from './check-text.js';
import { absoluteHref } from './link.js';
import { LONGEST_VALUES } from './measure.js';
import { type CheckedMail, type ReadMail, readMail } from './read-mail.js';
import { type MailMarkup, type MarkupHeading, readMarkup } from './read-markup.js';
import { isPart } from './splice.js';

/**
 * Every finding on an edition; empty when there is nothing to fix. What it shares with editions checked before is not looked at again:
 * only its subject, its outline and its size are its own (rule: pieces).
 */
export function checkMail(checked: CheckedMail): readonly Finding[] {
  const { edition, places } = checked;
  const { shell, parts } = divided(edition.mail.html);
  const posts = edition.sections.flatMap((section) => section.posts).map((post) => ofPost(post, checked));
  const around = ofShell(shell, checked);
  const units = [around, ...parts.map((part) => ofPart(part, checked))];
  return [
    ...checkSubject({ edition, places, subject: fillSegments(edition.mail.subject, LONGEST_VALUES) }),
    ...posts.flatMap(({ dropped }) => dropped),
    ...units.flatMap(({ links }) => links),
    ...units.flatMap(({ pictures }) => pictures),
    ...checkHeadings(
      units.flatMap(({ headings }) => headings),
      places.html,
    ),
    ...around.page,
    ...posts.flatMap(({ missing }) => missing),
    ...units.flatMap(({ missing }) => missing),
    ...around.text,
    ...checkSize(checked),
    ...around.styles,
  ];
}

/** What was found in a part of the HTML. */
interface Unit {
  readonly links: readonly Finding[];
  readonly pictures: readonly Finding[];
  readonly headings: readonly MarkupHeading[];
  /** Links that the text does not have. */
  readonly missing: readonly Finding[];
}
interface ShellUnit extends Unit {
  readonly page: readonly Finding[];
  readonly text: readonly Finding[];
  readonly styles: readonly Finding[];
}
interface PostUnit {
  readonly dropped: readonly Finding[];
  readonly missing: readonly Finding[];
}

const knownParts = new WeakMap<Piece, Unit>();
const knownShells = new WeakMap<Piece, Map<string, ShellUnit>>();
const knownPosts = new WeakMap<DigestPost, PostUnit>();

/** Sections and posts that are pages by themselves, and what is around them. */
function divided(html: Segments): { readonly shell: Segments; readonly parts: readonly Piece[] } {
  const parts = html.filter((segment): segment is Piece => typeof segment === 'object' && isPart(segment));
  return { parts, shell: html.filter((segment) => !parts.includes(segment as Piece)) };
}

function unitOf(mail: ReadMail): Unit {
  return {
    links: checkLinks(mail),
    pictures: checkPictures(mail),
    headings: mail.markup.headings,
    missing: checkSameText(mail),
  };
}

function ofPart(part: Piece, checked: CheckedMail): Unit {
  const unit = knownParts.get(part) ?? unitOf(readMail(checked, { html: [part], posts: [] }));
  knownParts.set(part, unit);
  return unit;
}

function ofPost(post: DigestPost, checked: CheckedMail): PostUnit {
  const known = knownPosts.get(post);
  if (known) return known;
  const mail = readMail(checked, { html: [], posts: [post] });
  const unit = { dropped: checkPosts(mail), missing: checkSameText(mail) };
  knownPosts.set(post, unit);
  return unit;
}

/** Shells that differ in the words of their editions alone are the same. */
function ofShell(shell: Segments, checked: CheckedMail): ShellUnit {
  const first = shell.find((segment): segment is Piece => typeof segment === 'object' && segment.kind === 'piece');
  const key = shell
    .map((segment) => (typeof segment === 'object' && segment.kind === 'piece' ? segment.key : ''))
    .join();
  const known = first && knownShells.get(first)?.get(key);
  if (known) return known;
  const mail = readMail(checked, { html: shell, posts: [] });
  const unit = { ...unitOf(mail), page: checkRoots(mail), text: checkWholeText(mail), styles: checkStyles(mail) };
  if (first) knownShells.set(first, (knownShells.get(first) ?? new Map<string, ShellUnit>()).set(key, unit));
  return unit;
}

/** The web addresses in an edition, each once, without the reader's own links. */
export function addressesOfMail(checked: CheckedMail): readonly MailAddress[] {
  const { shell, parts } = divided(checked.edition.mail.html);
  const { markup: around, origin } = readMail(checked, { html: shell, posts: [] });
  const own = new Set(Object.values(LONGEST_VALUES));
  const found = new Map<string, MailAddress>();
  const add = (kind: MailAddress['kind'], written: string) => {
    const url = absoluteHref(written);
    if (url === undefined || own.has(url) || !/^https?:/i.test(url)) return;
    found.set(`${kind} ${url}`, { kind, url, ...origin(url) });
  };
  for (const { links, pictures } of [around, ...parts.map(markupOf)]) {
    for (const { href } of links) if (href !== undefined) add('link', href);
    for (const { src } of pictures) add('image', src);
  }
  return [...found.values()];
}

const knownMarkup = new WeakMap<Piece, MailMarkup>();

function markupOf(part: Piece): MailMarkup {
  const markup = knownMarkup.get(part) ?? readMarkup(fillSegments([part], LONGEST_VALUES));
  knownMarkup.set(part, markup);
  return markup;
}
