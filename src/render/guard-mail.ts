/**
 * The guard at every rendering: what no reader must ever get stops here (rule: absolute-links). It reads with patterns,
 * so that it costs a hundredth of the rendering; `checkMail` looks closely, on demand.
 */
import type { Segments } from '../domain/edition.js';
import { withoutBetween } from '../domain/trim.js';
import { absoluteHref } from './link.js';
import { LONGEST_VALUES } from './measure.js';
import { attributesOf, tagsIn } from './tags.js';

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
    ...activeParts(html),
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
  return [...tagsIn(html)].flatMap((tag) => {
    const value = tag.attributes.includes('=') ? attributesOf(tag).get('href') : undefined;
    if (value === undefined) return [];
    const href = unescaped(value);
    if (absoluteHref(href) !== undefined && !/[{}]/.test(href)) return [];
    return [`A link points to “${href}”, which is no absolute address.`];
  });
}

function harmfulPictures(html: string): readonly string[] {
  const pictures = [...tagsIn(html)].filter(({ name, isClosing }) => name === 'img' && !isClosing);
  return pictures.map(attributesOf).flatMap((attributes) => {
    const src = unescaped(attributes.get('src') ?? '');
    return [
      ...(/^https?:/i.test(src) ? [] : [`A picture has the source “${src}”.`]),
      ...(attributes.has('alt') ? [] : [`${src} has no alt text.`]),
      ...(/^\d+$/.test(attributes.get('width') ?? '') ? [] : [`${src} has no width.`]),
    ];
  });
}

/** Mail clients remove these, and many treat a mail that has them as an attack. */
const ACTIVE = ['script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'form', 'base'];

/** What would run, load or send something in a page; also in comments, which Outlook reads. */
function activeParts(html: string): readonly string[] {
  return [...tagsIn(html, { inComments: true })].flatMap((tag) => {
    if (tag.isClosing) return [];
    if (ACTIVE.includes(tag.name))
      return [`<${tag.name}> has no place in a mail: mail clients remove it or refuse the mail.`];
    if (!tag.attributes.includes('=')) return [];
    const attributes = attributesOf(tag);
    const handler = [...attributes.keys()].find((name) => /^on[a-z]+$/.test(name));
    if (handler !== undefined) return [`<${tag.name}> has the attribute “${handler}”, which runs a script.`];
    return tag.name === 'meta' && /^\s*refresh/i.test(attributes.get('http-equiv') ?? '')
      ? ['<meta http-equiv="refresh"> has no place in a mail.']
      : [];
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
