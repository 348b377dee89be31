/**
 * Takes out what a site generator would have evaluated and we cannot: Liquid, Hugo shortcodes, Nunjucks, kramdown
 * attributes and `:::` fences. Runs before Markdown is parsed; inside code everything stays literal.
 * Each step reads the text once, from front to back (rule: strangers-cost-little).
 */
import { trimOf } from '../domain/trim.js';
import { type CodeRanges, codeRangesOf } from './code-ranges.js';
import { type ForwardSearch, forwardSearch } from './forward-search.js';
import { fenceAround, figureFrom } from './shortcodes.js';
import { withDefinitionsForPatterns } from './template-definitions.js';
import { BRACE, GONE } from './template-marks.js';
import { outputValue, type TemplateContext, tagValue } from './template-values.js';

/** A site of which nothing is known. */
const NO_SITE: TemplateContext = { site: undefined, base: undefined, links: {}, wanted: new Set() };

/**
 * Markdown with `GONE` in place of each expression whose value is not known, and `BRACE` in place of each brace its author protected.
 */
export function withoutTemplates(text: string, context: TemplateContext = NO_SITE, findCode = codeRangesOf): string {
  const unprotected = protectShownTemplates(text);
  if (!/\{[{%:#.]|\[\[|^[ \t]*:::/m.test(unprotected)) return unprotected;
  const stripped = strip(unprotected, findCode(unprotected), context);
  return withDefinitionsForPatterns(withoutEmptiedLines(stripped));
}

/** A line that held nothing but expressions is an empty line. */
export function withoutEmptiedLines(text: string): string {
  return text.replace(/^[ \t]*\uFDD0[ \t\uFDD0]*$/gm, '');
}

/** Raw blocks and Hugo's commented-out shortcodes show a template to the reader: their braces are text, also in code. */
function protectShownTemplates(text: string): string {
  const shown = withShownShortcodes(text);
  const tags = /\{%-?[ \t]*(raw|endraw)[ \t]*-?%\}/g;
  const tagsFound = [...shown.matchAll(tags)];
  let [result, at] = ['', 0];
  for (let index = 0; index < tagsFound.length; index += 1) {
    const open = tagsFound[index] as RegExpExecArray;
    if (open[1] !== 'raw') continue;
    while (index < tagsFound.length && tagsFound[index]?.[1] !== 'endraw') index += 1;
    const close = tagsFound[index];
    if (close === undefined) break;
    const inside = shown.slice(open.index + open[0].length, close.index);
    result += shown.slice(at, open.index) + inside.replaceAll('{', BRACE);
    at = close.index + close[0].length;
  }
  return result + shown.slice(at);
}

/** A commented-out shortcode on one line becomes the shortcode itself, as text. */
function withShownShortcodes(text: string): string {
  const next = forwardSearch(text);
  let [result, at] = ['', 0];
  for (const { 0: opener, index, 1: bracket } of text.matchAll(/\{\{([<%])\/\*/g)) {
    if (index < at) continue;
    const close = next('*/', index + opener.length);
    if (close === -1) break;
    const lineEnd = next('\n', index);
    const ending = /^[>%]\}\}/.exec(text.slice(close + 2, close + 5));
    if (ending === null || (lineEnd !== -1 && lineEnd < close)) continue;
    const shown = `{{${bracket}${text.slice(index + opener.length, close)}${ending[0]}`;
    result += text.slice(at, index) + shown.replaceAll('{', BRACE);
    at = close + 5;
  }
  return result + text.slice(at);
}

const OPENER = /\{[{%#:.]|!?\[\[|^[ \t]*:{3,}/gm;

interface Scan {
  readonly text: string;
  readonly code: CodeRanges;
  readonly next: ForwardSearch;
  readonly context: TemplateContext;
  /** Where the text that is not taken out yet begins. */
  at: number;
  closings?: ReadonlyMap<string, Closing[]>;
}

function strip(text: string, code: CodeRanges, context: TemplateContext): string {
  const scan: Scan = { text, code, next: forwardSearch(text), context, at: 0 };
  const opener = new RegExp(OPENER);
  let result = '';
  for (let match = opener.exec(text); match !== null; match = opener.exec(text)) {
    const inCode = code.endAround(match.index + match[0].length - 1);
    if (inCode !== undefined) {
      opener.lastIndex = inCode;
      continue;
    }
    const taken = takeOut(scan, match.index, match[0].trimStart());
    if (taken === undefined) continue;
    result += text.slice(scan.at, taken.start ?? match.index) + taken.instead;
    scan.at = taken.end;
    opener.lastIndex = Math.max(scan.at, match.index + 1);
  }
  return result + text.slice(scan.at);
}

interface Taken {
  readonly instead: string;
  /** The place of the opener, when absent. */
  readonly start?: number;
  readonly end: number;
}

function takeOut(scan: Scan, from: number, opener: string): Taken | undefined {
  const { text } = scan;
  if (opener.startsWith(':::')) return { instead: GONE, end: endOfLine(scan, from) };
  if (opener === '{%') return tag(scan, from, '%}');
  if (opener === '{{') {
    if (text.startsWith('{{<', from)) return tag(scan, from, '>}}');
    if (text.startsWith('{{%', from)) return tag(scan, from, '%}}');
    const taken = upTo(scan, '}}', from, from + 2);
    const value = taken && outputValue(trimOf(trimOf(text.slice(from, taken.end), '{}'), '-'), scan.context);
    return taken && { ...taken, instead: value ?? GONE };
  }
  if (opener.endsWith('[[')) return wikiLink(scan, from, opener);
  if (opener === '{:') return startsAt(KRAMDOWN, text, from) ? upTo(scan, '}', from, from) : undefined;
  if (startsAt(ATTRIBUTES_AT_LINE_END, text, from)) return withSpaceBefore(scan, upTo(scan, '}', from, from), from);
  return opener === '{#' ? commentOn(scan, from) : undefined;
}

/** `[[page|words]]` of Obsidian and wikis is its words; a picture or page that is shown in the post is nothing. */
function wikiLink({ text }: Scan, from: number, opener: string): Taken | undefined {
  const found = /^!?\[\[([^[\]\n]{1,300})\]\](?![([])/.exec(text.slice(from, from + 320));
  if (found === null) return undefined;
  const [whole, inside = ''] = found;
  const words = inside.slice(inside.lastIndexOf('|') + 1).trim();
  return { instead: opener.startsWith('!') ? GONE : words, end: from + whole.length };
}

const KRAMDOWN = /\{:(?:[\s.#:/]|toc\b|[\w-]+[=:])/y;
const ATTRIBUTES_AT_LINE_END = /\{[#.][\w-][^{}\n]*\}[ \t]*$/my;

function startsAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** The space before attributes goes with them. */
function withSpaceBefore({ text, at }: Scan, taken: Taken | undefined, from: number): Taken | undefined {
  let start = from;
  while (start > at && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
  return taken && { ...taken, start };
}

/** A comment of Nunjucks begins and ends on one line. */
function commentOn(scan: Scan, from: number): Taken | undefined {
  const close = scan.next('#}', from + 2);
  return close === -1 || close > endOfLine(scan, from) ? undefined : upTo(scan, '#}', from, from + 2);
}

function upTo(scan: Scan, closer: string, from: number, inside: number): Taken | undefined {
  let end = closerOf(scan, closer, inside);
  if (end === -1) return undefined;
  end += closer.length;
  if (closer === '}}') while (scan.text[end] === '}') end += 1;
  return { instead: GONE, start: from, end };
}

/** A tag of Liquid or a shortcode of Hugo, with what it encloses where we know what that means. */
function tag(scan: Scan, from: number, closer: string): Taken | undefined {
  const { text } = scan;
  const close = closerOf(scan, closer, from + 2);
  if (close === -1) return undefined;
  const end = close + closer.length;
  const inside = text.slice(from, close).replace(/^\{[{%][<%]?-?/, '');
  const [name = '', language] = inside.trim().split(/\s+/, 2);
  if (name === 'figure') return { instead: figureFrom(inside) ?? GONE, end };
  if (!ENCLOSING.has(name)) return { instead: tagValue(inside.replace(/-$/, ''), scan.context) ?? GONE, end };
  const ending = closingOf(scan, name, end);
  if (ending === undefined) return { instead: GONE, end };
  const enclosed = text.slice(end, ending.start);
  const instead = name === 'comment' ? GONE : fenceAround(enclosed, language, text, from);
  return { instead, end: ending.end };
}

const ENCLOSING = new Set(['highlight', 'codeblock', 'comment']);
const CLOSING = /\{[{%][<%]?-?\s*(?:end|\/\s*)(highlight|codeblock|comment)\s*-?[>%]\}{1,2}/g;

interface Closing {
  readonly start: number;
  readonly end: number;
}

/** The first closing tag of this name behind a place; those before it are not needed again. */
function closingOf(scan: Scan, name: string, from: number): Closing | undefined {
  scan.closings ??= closingsIn(scan.text);
  const closings = scan.closings.get(name) ?? [];
  while ((closings.at(-1)?.start ?? from) < from) closings.pop();
  return closings.at(-1);
}

/** By name; the last of the text is first. */
function closingsIn(text: string): ReadonlyMap<string, Closing[]> {
  const closings = new Map<string, Closing[]>([...ENCLOSING].map((name) => [name, []]));
  for (const { 0: whole, 1: name = '', index } of text.matchAll(CLOSING)) {
    closings.get(name)?.push({ start: index, end: index + whole.length });
  }
  for (const each of closings.values()) each.reverse();
  return closings;
}

/** Where a closer is outside code and before the next blank line, or -1. */
function closerOf({ code, next }: Scan, closer: string, from: number): number {
  let at = next(closer, from);
  for (let end = code.endAround(at); at !== -1 && end !== undefined; end = code.endAround(at)) at = next(closer, end);
  const blank = next('\n\n', from);
  return blank !== -1 && at > blank ? -1 : at;
}

function endOfLine({ text, next }: Scan, from: number): number {
  const end = next('\n', from);
  return end === -1 ? text.length : end;
}
