/**
 * The guard at every rendering: what no reader must ever get stops here (rule: absolute-links). It reads with patterns,
 * so that it costs a hundredth of the rendering; `checkMail` looks closely, on demand.
 */
import { fillSegments, type RenderedMail } from '../domain/edition.js';
import { withoutBetween } from '../domain/trim.js';
import { absoluteHref } from './link.js';
import { LONGEST_VALUES } from './measure.js';

/** Gmail drops style sheets beyond this many characters. */
export const MOST_STYLE = 16_000;

/** What would harm readers, a sentence each; empty for a mail that may leave. */
export function harmIn(mail: RenderedMail): readonly string[] {
  const html = fillSegments(mail.html, LONGEST_VALUES);
  const shownOnly = withoutBetween(html, '<!--', '-->');
  const text = fillSegments(mail.text, LONGEST_VALUES);
  return [
    ...harmfulLinks(shownOnly),
    ...harmfulPictures(shownOnly),
    ...harmfulHeadings(shownOnly),
    ...missingLanguage(shownOnly),
    ...longStyles(html),
    ...harmfulParts(shownOnly, text),
  ];
}

function harmfulLinks(html: string): readonly string[] {
  const tags = html.match(/<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/g) ?? [];
  return [...tags.join('').matchAll(/\shref="([^"]*)"/g)].flatMap(([, value = '']) => {
    const href = unescaped(value);
    if (absoluteHref(href) !== undefined && !/[{}]/.test(href)) return [];
    return [`A link points to “${href}”, which is no absolute address.`];
  });
}

function harmfulPictures(html: string): readonly string[] {
  return [...html.matchAll(/<img\b((?:[^>"]|"[^"]*")*)>/g)].flatMap(([, attributes = '']) => {
    const src = unescaped(/\ssrc="([^"]*)"/.exec(attributes)?.[1] ?? '');
    return [
      ...(/^https?:/.test(src) ? [] : [`A picture has the source “${src}”.`]),
      ...(/\salt="/.test(attributes) ? [] : [`${src} has no alt text.`]),
      ...(/\swidth="\d+"/.test(attributes) ? [] : [`${src} has no width.`]),
    ];
  });
}

function harmfulHeadings(html: string): readonly string[] {
  const ones = html.match(/<h1[\s>]/g)?.length ?? 0;
  return ones === 1 ? [] : [`There are ${ones} first-level headings; a mail has one.`];
}

function missingLanguage(html: string): readonly string[] {
  return [/<html\b[^>]*>/, /<body\b[^>]*>\s*<div\b[^>]*>/].flatMap((pattern) => {
    const tag = pattern.exec(html)?.[0] ?? '';
    const isGiven = /\slang="(?!und")[A-Za-z-]+/.test(tag) && /\sdir="(?:ltr|rtl)"/.test(tag);
    return isGiven ? [] : ['html and the first element in body must have lang and dir.'];
  });
}

function longStyles(html: string): readonly string[] {
  const sheets = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/g)];
  const chars = sheets.reduce((sum, [, css = '']) => sum + css.length, 0);
  return chars < MOST_STYLE ? [] : [`The styles are ${chars} characters long; ${MOST_STYLE} are the most.`];
}

function harmfulParts(html: string, text: string): readonly string[] {
  const lacks = (content: string) => !content.includes(LONGEST_VALUES.unsubscribeUrl);
  return [
    ...(text.trim() === '' ? ['The text part is empty.'] : []),
    ...(lacks(html) ? ['The HTML part has no unsubscribe link.'] : []),
    ...(lacks(text) ? ['The text part has no unsubscribe link.'] : []),
  ];
}

function unescaped(value: string): string {
  return value
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
