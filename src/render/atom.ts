/** Atom feeds (RFC 4287): of a newsletter's issues, and of a category's posts. */
import type { FeedEntry, FeedRequest } from '../domain/page.js';
import { mailHtmlFrom } from './mail-html.js';
import { escapedHtml } from './markup.js';

/** The feed as a document; its entries in the order given. */
export function atomFeed({ newsletter, title, url, page, entries }: FeedRequest): string {
  const [newest] = entries.map(({ at }) => at).sort((one, other) => other.getTime() - one.getTime());
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${escapedHtml(newsletter.language)}">`,
    `<id>${escapedHtml(url)}</id>`,
    `<title>${escapedHtml(title)}</title>`,
    `<link rel="self" type="application/atom+xml" href="${escapedHtml(url)}"/>`,
    `<link rel="alternate" type="text/html" href="${escapedHtml(page)}"/>`,
    `<updated>${(newest ?? new Date(0)).toISOString()}</updated>`,
    `<author><name>${escapedHtml(newsletter.sender.name)}</name></author>`,
    ...entries.map(entryXml),
    '</feed>',
    '',
  ].join('\n');
}

function entryXml({ url, title, at, authors, excerpt }: FeedEntry): string {
  const html = mailHtmlFrom(excerpt, { width: 600, styles: {} });
  return [
    '<entry>',
    `<id>${escapedHtml(url)}</id>`,
    `<title>${escapedHtml(title)}</title>`,
    `<link rel="alternate" href="${escapedHtml(url)}"/>`,
    `<published>${at.toISOString()}</published>`,
    `<updated>${at.toISOString()}</updated>`,
    ...authors.map((name) => `<author><name>${escapedHtml(name)}</name></author>`),
    ...(html === '' ? [] : [`<summary type="html">${escapedHtml(html)}</summary>`]),
    '</entry>',
  ].join('\n');
}
