/** What a mail cannot show of a post: looked for in the text as its author wrote it, so that each has its line. */
import type { Nodes } from 'mdast';
import type { Omission } from '../domain/post.js';
import { absoluteLink, absoluteUrl } from './absolute-url.js';
import { codeRangesOf } from './code-ranges.js';
import { forwardSearch } from './forward-search.js';
import { parseCommonMark } from './markdown-processor.js';
import { isTemplated } from './template-marks.js';
import { outputValue, type TemplateContext, tagValue } from './template-values.js';

export interface FoundOmission {
  readonly kind: Omission['kind'];
  /** As written, shortened. */
  readonly text: string;
  /** Within the body, from 1. */
  readonly line: number;
}

/** So many are enough to look at a post again. */
const MOST = 50;
const LONGEST_TEXT = 80;

/** In the order of the text. References whose addresses are not known yet are noted in the context. */
export function omissionsIn(text: string, context: TemplateContext): readonly FoundOmission[] {
  const found = [...templates(text, context), ...elements(text), ...targets(text, context)];
  const lines = lineFinder(text);
  return found
    .sort((one, other) => one.at - other.at)
    .slice(0, MOST)
    .map(({ kind, at, length }) => ({ kind, text: shown(text.slice(at, at + length)), line: lines(at) }));
}

interface Place {
  readonly kind: Omission['kind'];
  readonly at: number;
  readonly length: number;
}

/** Tags that only say what is shown when, or enclose what stays. */
const STRUCTURE =
  /^(?:end\w*|\/.*|raw|highlight|codeblock|comment|if|elsif|else|unless|for|assign|capture|case|when|break|continue|figure|include_relative)$/;
const CLOSERS = [
  ['{{<', '>}}'],
  ['{{%', '%}}'],
  ['{{', '}}'],
  ['{%', '%}'],
] as const;

function templates(text: string, context: TemplateContext): readonly Place[] {
  if (!/\{[{%]/.test(text)) return [];
  const code = codeRangesOf(text);
  const next = forwardSearch(text);
  const places: Place[] = [];
  const opener = /\{[{%]/g;
  for (let match = opener.exec(text); match !== null; match = opener.exec(text)) {
    const at = match.index;
    const inCode = code.endAround(at);
    const [open, close] = CLOSERS.find(([start]) => text.startsWith(start, at)) as (typeof CLOSERS)[number];
    const end = next(close, at + open.length);
    if (inCode !== undefined || end === -1) {
      opener.lastIndex = inCode ?? text.length;
      continue;
    }
    const inside = text
      .slice(at + open.length, end)
      .replace(/^-/, '')
      .trim();
    opener.lastIndex = endOfRaw(inside, next, end + close.length);
    const name = /^\S*/.exec(inside)?.[0] ?? '';
    if (inside.includes('\n\n') || STRUCTURE.test(name)) continue;
    if ((open === '{{' ? outputValue(inside, context) : tagValue(inside, context)) !== undefined) continue;
    places.push({ kind: kindAt(text, at), at, length: end + close.length - at });
  }
  return places;
}

/** Text between `raw` and `endraw` is shown. */
function endOfRaw(inside: string, next: (wanted: string, from: number) => number, end: number): number {
  const close = inside === 'raw' ? next('endraw', end) : -1;
  return close === -1 ? end : close;
}

/** Whether a place is in the target of a link or picture. */
function kindAt(text: string, at: number): Omission['kind'] {
  const line = text.slice(Math.max(0, at - 300), at);
  const before = line.slice(line.lastIndexOf('\n') + 1);
  const opened = before.lastIndexOf('](');
  if (opened !== -1 && !before.includes(')', opened)) {
    return before.charAt(before.lastIndexOf('[', opened) - 1) === '!' ? 'image' : 'link';
  }
  const tag = before.slice(before.lastIndexOf('<'));
  if (/^<(?:img|source|video|iframe)\b/i.test(tag)) return 'image';
  if (/^<a\b/i.test(tag)) return 'link';
  return /^ {0,3}\[[^\]]{0,200}\]:/.test(before) ? 'link' : 'part';
}

function elements(text: string): readonly Place[] {
  const pattern = /<(?:script|applet|canvas|svg|math|form|input|select|textarea|button)\b[^>\n]{0,80}>?/gi;
  const footnote = /\[\^\w+/.exec(text);
  const found = [...text.matchAll(pattern), ...(footnote === null ? [] : [footnote])];
  if (found.length === 0) return [];
  const code = codeRangesOf(text);
  return found
    .map(({ 0: whole, index }): Place => ({ kind: 'part', at: index, length: whole.length }))
    .filter(({ at }) => code.endAround(at) === undefined);
}

/** Links and pictures whose address no mail client could follow, or that the site's build renames. */
function targets(text: string, { base }: TemplateContext): readonly Place[] {
  if (!/\]\(|\]:/.test(text)) return [];
  const places: Place[] = [];
  const waiting: Nodes[] = [parseCommonMark(text)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('children' in node) for (const child of node.children) waiting.push(child);
    if (node.type !== 'image' && node.type !== 'link' && node.type !== 'definition') continue;
    if (isTemplated(node.url) || node.url === '') continue;
    const address = node.type === 'image' ? absoluteUrl(node.url, base) : absoluteLink(node.url, base);
    const [from, to] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    if (address === undefined)
      places.push({ kind: node.type === 'image' ? 'image' : 'link', at: from, length: to - from });
  }
  return places;
}

function shown(text: string): string {
  const line = text.slice(0, LONGEST_TEXT + 1).replace(/\s+/g, ' ');
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line;
}

/** Counts lines up to places that come in order. */
function lineFinder(text: string): (at: number) => number {
  let [line, counted] = [1, 0];
  return (at) => {
    for (let end = text.indexOf('\n', counted); end !== -1 && end < at; end = text.indexOf('\n', counted)) {
      line += 1;
      counted = end + 1;
    }
    return line;
  };
}
