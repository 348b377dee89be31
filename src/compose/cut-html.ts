/** Cuts a fragment to a width at a sensible place (the rules are in excerpt.ts). Pure. */
import type { Html, HtmlNode } from '../domain/html.js';
import { textOf } from '../domain/html.js';
import { segmentsOf } from '../domain/segments.js';
import { graphemesOf, graphemeWidth } from '../domain/text-width.js';

/** The part of the width a sentence must fill so that ending with it is better than ending with a word. */
const FULL_ENOUGH = 0.5;

/** Elements that are shown whole or not at all. */
const WHOLE: ReadonlySet<string> = new Set(['a', 'code', 'kbd', 'samp', 'sub', 'sup', 'abbr', 'pre', 'table', 'ruby']);

/**
 * Cuts a fragment to at most `columns`, closing what is open. A fragment that fits comes back as it is. When not even
 * its first word or whole element fits, that one is kept all the same: an excerpt is never a lone ellipsis.
 */
export function cutHtml(html: Html, columns: number, language: string): Html {
  const text = textOf(html);
  if (widthUpTo(text, columns) <= columns) return html;
  const { offset, isSentence } = cutPlace(text, wholeRanges(html), columns, language);
  if (offset >= text.trimEnd().length) return html;
  return truncate(html, offset, isSentence ? '' : '…').html;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where the text may not be parted; in order, and apart from each other. */
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

type IsInside = (offset: number) => boolean;

/** Asked about ever later offsets. */
function insideOf(ranges: readonly Range[]): IsInside {
  let at = 0;
  return (offset) => {
    while (at < ranges.length && (ranges[at] as Range).end <= offset) at += 1;
    const range = ranges[at];
    return range !== undefined && range.start < offset;
  };
}

function cutPlace(text: string, whole: readonly Range[], columns: number, language: string) {
  const limit = offsetAt(text, columns);
  const sentence = lastBelow(sentenceEnds(text, language, limit), limit, insideOf(whole));
  if (sentence !== undefined && sentence >= limit * FULL_ENOUGH) return { offset: sentence, isSentence: true };
  // One column stays for the ellipsis.
  const word = lastBelow(wordEnds(text, language), offsetAt(text, columns - 1), insideOf(whole));
  if (word !== undefined) return { offset: word, isSentence: false };
  return { offset: firstEnd(text, language, insideOf(whole)), isSentence: false };
}

function lastBelow(offsets: Iterable<number>, limit: number, isInside: IsInside): number | undefined {
  let last: number | undefined;
  for (const offset of offsets) {
    if (offset > limit) break;
    if (offset > 0 && !isInside(offset)) last = offset;
  }
  return last;
}

function firstEnd(text: string, language: string, isInside: IsInside): number {
  for (const offset of wordEnds(text, language)) {
    if (!isInside(offset)) return offset;
  }
  return text.length;
}

/** Words that end with a full stop and do not end a sentence. */
const ABBREVIATION =
  /(?:^|[\s(])(?:\p{L}|[Dd]r|Prof|Mr|Mrs|Ms|St|Nr|No|vs|cf|ca|etc|al|Fig|Eq|Ref|Vol|pp?|e\.g|i\.e|z\.\s?B|d\.\s?h|u\.\s?a|bzw|usw)\.\s*$/u;

/** What decides whether a sentence ends stands among its last characters. */
const TAIL = 40;

/**
 * Ends of sentences that begin before an offset, white space left out. The segmenter takes an abbreviation's full stop for an
 * end; we do not.
 */
function* sentenceEnds(text: string, language: string, until: number): Iterable<number> {
  let start = 0;
  for (const { segment, index } of segmentsOf(text, language, 'sentence')) {
    if (index > until) break;
    const end = index + segment.length;
    const said = text.slice(Math.max(start, end - TAIL), end);
    const next = text.charAt(end);
    const isEnd = /[.!?…。！？؟۔։।]["'”’»)\]）」』]*\s*$/u.test(said) && !ABBREVIATION.test(said);
    if (isEnd && !/\p{Ll}/u.test(next)) {
      yield index + segment.trimEnd().length;
      start = end;
    }
  }
}

/** Ends of words: a mark that belongs to the word before it (a closing bracket, a full stop) stays with it. */
function* wordEnds(text: string, language: string): Iterable<number> {
  for (const { segment, index, isWordLike } of segmentsOf(text, language, 'word')) {
    const end = index + segment.length;
    const rest = text.slice(end, end + 1);
    if (isWordLike && !/[\p{L}\p{N}\p{M}'’_-]/u.test(rest)) yield end;
    else if (isWordLike && UNSPACED.test(segment)) yield end;
    else if (!isWordLike && /^[\p{Pe}\p{Pf}\p{So}]/u.test(segment)) yield end;
  }
}

/** Scripts written without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;

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
function offsetAt(text: string, columns: number): number {
  let used = 0;
  for (const { width, start } of measure(text)) {
    used += width;
    if (used > columns) return start;
  }
  return text.length;
}

function* measure(text: string): Iterable<{ readonly width: number; readonly start: number }> {
  let wasSpace = false;
  for (const { segment, index } of graphemesOf(text)) {
    const isSpace = /^\s+$/u.test(segment);
    const width = isSpace ? (wasSpace ? 0 : 1) : graphemeWidth(segment);
    wasSpace = isSpace;
    yield { width, start: index };
  }
}

/** Keeps the first `offset` code units of text and what encloses them, and ends them with `mark`. */
function truncate(html: Html, offset: number, mark: string): { readonly html: Html; readonly left: number } {
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
      const inside = truncate(node.children, left, isWhole ? '' : mark);
      kept.push({ ...node, children: isWhole ? node.children : inside.html });
      left = inside.left;
      if (left <= 0 && isWhole && mark) kept.push({ type: 'text', value: mark });
    }
  }
  return { html: kept, left };
}
