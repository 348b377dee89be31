/**
 * The guard at every rendering: what no reader must ever get stops here (rule: absolute-links). It reads with patterns,
 * so that it costs a hundredth of the rendering; `checkMail` looks closely, on demand.
 */
import type { Segments } from '../domain/edition.js';
import { withoutBetween } from '../domain/trim.js';
import { absoluteHref } from './link.js';
import { LONGEST_VALUES } from './measure.js';

/** Gmail drops style sheets beyond this many characters. */
export const MOST_STYLE = 16_000;

/** What in a page would harm readers, a sentence each; empty for one that may leave. @param html filled for a reader */
export function harmInMarkup(html: string): readonly string[] {
  const shownOnly = withoutBetween(html, '<!--', '-->');
  return [
    ...harmfulLinks(shownOnly),
    ...harmfulPictures(shownOnly),
    ...missingLanguage(shownOnly),
    ...longStyles(html),
  ];
}

/** What a page needs to have once as a whole. */
export interface WholeFacts {
  readonly h1s: number;
  readonly canUnsubscribe: boolean;
}

/** @param html a part of a page, filled with the longest values */
export function wholeFacts(html: string): WholeFacts {
  const shownOnly = withoutBetween(html, '<!--', '-->');
  return {
    h1s: shownOnly.match(/<h1[\s>]/g)?.length ?? 0,
    canUnsubscribe: shownOnly.includes(LONGEST_VALUES.unsubscribeUrl),
  };
}

/** What a mail lacks as a whole, from the sum of its parts. */
export function harmInWhole({ h1s, canUnsubscribe }: WholeFacts, text: Segments): readonly string[] {
  const isEmpty = (segments: Segments): boolean =>
    segments.every((part) => typeof part === 'string' && part.trim() === '');
  return [
    ...(h1s === 1 ? [] : [`There are ${h1s} first-level headings; a mail has one.`]),
    ...(isEmpty(text) ? ['The text part is empty.'] : []),
    ...(canUnsubscribe ? [] : ['The HTML part has no unsubscribe link.']),
    ...(hasUnsubscribe(text) ? [] : ['The text part has no unsubscribe link.']),
  ];
}

/** Whether every reader is shown the link. */
function hasUnsubscribe(segments: Segments): boolean {
  return segments.some((part) => {
    if (typeof part === 'string') return false;
    if (part.kind === 'hole') return part.part === 'unsubscribeUrl';
    if (part.kind === 'piece') return hasUnsubscribe(part.segments);
    return hasUnsubscribe(part.then) && hasUnsubscribe(part.otherwise);
  });
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
      // MJML writes an empty one without a value.
      ...(/\salt(?:="|\s|$)/.test(attributes) ? [] : [`${src} has no alt text.`]),
      ...(/\swidth="\d+"/.test(attributes) ? [] : [`${src} has no width.`]),
    ];
  });
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

function unescaped(value: string): string {
  return value
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
