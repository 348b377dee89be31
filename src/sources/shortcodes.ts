/** The few template tags whose meaning is plain from their text: a figure, and highlighted code. */
import { trimEndOf } from '../domain/trim.js';
import { forwardSearch } from './forward-search.js';

/** Hugo's `figure src="…" alt="…" caption="…"` as HTML; `undefined` without a picture. */
export function figureFrom(shortcode: string): string | undefined {
  const values = attributesIn(shortcode);
  const src = values.get('src');
  if (src === undefined || src === '') return undefined;
  const caption = values.get('caption') ?? values.get('title') ?? '';
  const size = ['width', 'height'].map((name) => attribute(name, values.get(name))).join('');
  const image = `<img${attribute('src', src)}${attribute('alt', values.get('alt') ?? '')}${size}>`;
  return `<figure>${image}${caption === '' ? '' : `<figcaption>${markup(caption)}</figcaption>`}</figure>`;
}

/** By name in lower case; found by their equals signs, from which the name is read backwards. */
function attributesIn(shortcode: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const next = forwardSearch(shortcode);
  let at = 0;
  for (let equals = next('=', at); equals !== -1; equals = next('=', at)) {
    const name = wordBefore(shortcode, at, equals);
    at = equals + 1;
    while (/\s/.test(shortcode.charAt(at))) at += 1;
    const quote = shortcode.charAt(at);
    const isQuoted = quote !== '' && '"\'`'.includes(quote);
    const end = isQuoted ? next(quote, at + 1) : endOfWord(shortcode, at);
    if (end === -1) continue;
    if (name !== '') values.set(name.toLowerCase(), shortcode.slice(isQuoted ? at + 1 : at, end));
    at = isQuoted ? end + 1 : end;
  }
  return values;
}

/** The word that ends at `end`, white space left out; no further back than `from`. */
function wordBefore(text: string, from: number, end: number): string {
  let stop = end;
  while (stop > from && /\s/.test(text.charAt(stop - 1))) stop -= 1;
  let start = stop;
  while (start > from && /[\w-]/.test(text.charAt(start - 1))) start -= 1;
  return text.slice(start, stop);
}

function endOfWord(text: string, from: number): number {
  let end = from;
  while (end < text.length && !/[\s"'`]/.test(text.charAt(end))) end += 1;
  return end;
}

/** A fenced block around highlighted code, indented like the tag at `from`. */
export function fenceAround(code: string, language: string | undefined, text: string, from: number): string {
  const indent = indentBefore(text, from);
  let longest = 2;
  for (const [run] of code.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  const content = withoutLastLineEnd(code.replace(/^[ \t]*\n/, ''));
  const opening = /^[\w+#.-]+$/.test(language ?? '') ? `${fence}${language}` : fence;
  const start = indent === undefined ? '\n\n' : '';
  return `${start}${opening}\n${content}\n${indent ?? ''}${fence}\n`;
}

/** The space before a place in its line; `undefined` where there is something else. */
function indentBefore(text: string, from: number): string | undefined {
  let start = from;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
  return start === 0 || text[start - 1] === '\n' ? text.slice(start, from) : undefined;
}

/** Without the last line end and what blanks follow it. */
function withoutLastLineEnd(code: string): string {
  const trimmed = trimEndOf(code, ' \t');
  return trimmed.endsWith('\n') ? trimmed.slice(0, -1) : trimmed;
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${markup(value)}"`;
}

function markup(text: string): string {
  return text.replace(/[&<>"\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
