/** Checks a rendered edition as a reader would get it: what an editor should fix, and where. */
import type { Finding } from '../domain/finding.js';
import type { MailAddress } from '../domain/ports/content.js';
import { checkLinks } from './check-links.js';
import { checkOutline } from './check-outline.js';
import { checkPictures } from './check-pictures.js';
import { checkPosts } from './check-posts.js';
import { checkSize } from './check-size.js';
import { checkSubject } from './check-subject.js';
import { checkText } from './check-text.js';
import { absoluteHref } from './link.js';
import { LONGEST_VALUES } from './measure.js';
import { type CheckedMail, readMail } from './read-mail.js';

/** Every finding on an edition; empty when there is nothing to fix. */
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

/** The web addresses in an edition, each once, without the reader's own links. */
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
