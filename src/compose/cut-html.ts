/** Cuts a fragment to a width at a sensible place (the rules are in excerpt.ts). Pure. */
import type { Html, HtmlNode } from '../domain/html.js';
import { textOf } from '../domain/html.js';
import { graphemesOf, graphemeWidth } from '../domain/text-width.js';
import { sentenceEnds, wordEnds } from './sentence-ends.js';

/** The part of the width a sentence must fill so that ending with it is better than ending with a word. */
const FULL_ENOUGH = 0.5;

/** Elements that are shown whole or not at all. */
const WHOLE: ReadonlySet<string> = new Set(['a', 'code', 'kbd', 'samp', 'sub', 'sup', 'abbr', 'pre', 'table', 'ruby']);

/**
 * Cuts a fragment to at most `columns`, closing what is open. A fragment that fits comes back as it is. When not even its first
 * word or whole element fits, that is cut as well: an excerpt is never a lone ellipsis, and never too long.
 */
export function cutHtml(html: Html, columns: number, language: string): Html {
  const text = textOf(html);
  const limit = offsetAt(text, columns);
  if (limit >= text.trimEnd().length) return html;
  const notInside = insideOf(html);
  const sentence = lastBelow(sentenceEnds(text, language, limit), limit, notInside());
  if (sentence !== undefined && sentence >= limit * FULL_ENOUGH) return htmlUpTo(html, sentence);
  // One column is for the ellipsis.
  const room = offsetAt(text, columns - 1);
  const cut =
    lastBelow(wordEnds(text, language, room), room, notInside()) ??
    lastBelow(wordEnds(text, language, room), room) ??
    room;
  return htmlUpTo(html, cut, '…');
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where the text should not be parted; in order, and apart from each other. */
function wholeRanges(html: Html): readonly Range[] {
  const ranges: Range[] = [];
  let offset = 0;
  const walk = (nodes: Html) => {
    for (const node of nodes) {
      const start = offset;
      if (node.type === 'text') offset += node.value.length;
      else if (node.type === 'element' && node.tagName === 'br') offset += 1;
      else if (node.type === 'element' && WHOLE.has(node.tagName)) {
        offset += textOf(node.children).length;
        ranges.push({ start, end: offset });
      } else if (node.type === 'element') walk(node.children);
    }
  };
  walk(html);
  return ranges;
}

/** Whether an offset is inside one of the ranges; each `from()` is asked about ever later offsets. */
export function insideOf(html: Html): () => (offset: number) => boolean {
  const ranges = wholeRanges(html);
  return () => {
    let at = 0;
    return (offset) => {
      while (at < ranges.length && (ranges[at] as Range).end <= offset) at += 1;
      const range = ranges[at];
      return range !== undefined && range.start < offset;
    };
  };
}

function lastBelow(
  offsets: Iterable<number>,
  limit: number,
  isInside: (offset: number) => boolean = () => false,
): number | undefined {
  let last: number | undefined;
  for (const offset of offsets) {
    if (offset > limit) break;
    if (offset > 0 && !isInside(offset)) last = offset;
  }
  return last;
}

/**
 * How many columns a text takes: white space runs count one, a wide character two, marks none. Of a text that takes more than
 * `most` no more is measured than shows it.
 */
export function widthUpTo(text: string, most: number): number {
  let columns = 0;
  for (const { width } of measure(text)) {
    columns += width;
    if (columns > most) break;
  }
  return columns;
}

/** The offset behind the last grapheme that fits into `columns`. */
export function offsetAt(text: string, columns: number): number {
  let used = 0;
  for (const { width, start } of measure(text)) {
    used += width;
    if (used > columns) return start;
  }
  return text.length;
}

/** Longer graphemes take more columns than they show: no mail holds a letter with a thousand accents. */
const LONGEST_GRAPHEME = 32;

function* measure(text: string): Iterable<{ readonly width: number; readonly start: number }> {
  let wasSpace = false;
  for (const { segment, index } of graphemesIn(text)) {
    const isSpace = /^\s+$/u.test(segment);
    const shown = Math.max(graphemeWidth(segment), Math.floor(segment.length / LONGEST_GRAPHEME));
    const width = isSpace && wasSpace ? 0 : isSpace ? 1 : shown;
    wasSpace = isSpace;
    yield { width, start: index };
  }
}

/** The same as the segmenter finds, which is not asked about ASCII. */
function* graphemesIn(text: string): Iterable<{ readonly segment: string; readonly index: number }> {
  const isAscii = (index: number) => index >= text.length || text.charCodeAt(index) < 0x80;
  let at = 0;
  while (at < text.length) {
    let end = at;
    while (!(isAscii(end) && isAscii(end + 1))) end += 1;
    for (const { segment, index } of graphemesOf(text.slice(at, end))) yield { segment, index: at + index };
    if (end < text.length) yield { segment: text.charAt(end), index: end };
    at = end + 1;
  }
}

/** The first `offset` code units of text and what encloses them, ended with `mark`. An element shown whole may be cut too. */
export function htmlUpTo(html: Html, offset: number, mark = ''): Html {
  return upTo(html, offset, mark).html;
}

function upTo(html: Html, offset: number, mark: string): { readonly html: Html; readonly left: number } {
  const kept: HtmlNode[] = [];
  let left = offset;
  for (const node of html) {
    if (left <= 0) break;
    if (node.type === 'text') {
      const value = node.value.slice(0, left);
      left -= node.value.length;
      kept.push({ type: 'text', value: left <= 0 ? `${value.trimEnd()}${mark}` : value });
    } else if (node.type === 'element' && node.tagName === 'br') {
      left -= 1;
      if (left > 0) kept.push(node);
    } else if (node.type === 'element') {
      const isWhole = WHOLE.has(node.tagName);
      const inside = upTo(node.children, left, isWhole ? '' : mark);
      kept.push({ ...node, children: inside.html });
      left = inside.left;
      if (left <= 0 && isWhole && mark) kept.push({ type: 'text', value: mark });
    }
  }
  return { html: kept, left };
}

/** What follows the first `offset` code units of text. */
export function htmlFrom(html: Html, offset: number): Html {
  return from(html, offset).html;
}

function from(html: Html, offset: number): { readonly html: Html; readonly left: number } {
  const kept: HtmlNode[] = [];
  let left = offset;
  for (const node of html) {
    if (left <= 0 || node.type === 'comment') kept.push(node);
    else if (node.type === 'text') {
      const value = node.value.slice(left).trimStart();
      if (value !== '') kept.push({ type: 'text', value });
      left -= node.value.length;
    } else if (node.tagName === 'br') left -= 1;
    else {
      const inside = from(node.children, left);
      if (inside.html.length > 0) kept.push({ ...node, children: inside.html });
      left = inside.left;
    }
  }
  return { html: kept, left };
}
