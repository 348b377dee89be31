/** Where merge fields are in finished HTML, and whether a reader's value is allowed there (rule: merge-fields). */
import { GazetteError } from '../domain/errors.js';
import { type Found, nameOf } from './placeholders.js';

interface Region {
  readonly start: number;
  readonly end: number;
  /** `attribute`: inside the quotes of a value; `barred`: nothing may be filled in here. */
  readonly kind: 'attribute' | 'title' | 'barred';
  readonly name: string;
}

const COMMENT_OR_TAG =
  /<!--[\s\S]*?-->|<![^>]*>|<(style|script|title|textarea)\b((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*?)<\/\1\s*>|<\/?[a-zA-Z][^\s/>]*((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|[^\s"'>]+))?/g;
const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'background', 'cite', 'poster', 'longdesc']);

/** Throws `theme.invalid` for the first merge field in a place where it is not allowed. */
export function checkPlaces(html: string, found: readonly Found[]): void {
  const regions = regionsOf(html);
  let at = 0;
  for (const one of found) {
    while (at < regions.length && (regions[at] as Region).end <= one.start) at += 1;
    const region = regions[at];
    const problem = region && region.start <= one.start ? problemIn(region, one, html) : undefined;
    if (problem !== undefined) {
      throw new GazetteError('theme.invalid', `${nameOf(one.mark)} ${problem}`, { where: one.mark.where });
    }
  }
}

function problemIn(region: Region, { mark, start }: Found, html: string): string | undefined {
  if (region.kind === 'barred') return `is ${region.name}, where nothing can be filled in safely.`;
  if (mark.kind !== 'hole') {
    return `is in ${region.kind === 'title' ? 'the title' : `the attribute ${region.name}`}; it is allowed in text only.`;
  }
  if (region.kind === 'title') return undefined;
  if (region.name === 'style' || region.name.startsWith('on')) return `is in the attribute ${region.name}.`;
  if (!URL_ATTRIBUTES.has(region.name)) return undefined;
  if (!mark.part.endsWith('Url')) return `is in the attribute ${region.name}; only reader.…Url may be a link.`;
  return html.slice(region.start, start).trim() === '' ? undefined : `is not at the beginning of ${region.name}.`;
}

/** Everything that is not plain text, in order. */
function regionsOf(html: string): readonly Region[] {
  const regions: Region[] = [];
  for (const match of html.matchAll(COMMENT_OR_TAG)) {
    const [whole, raw, rawAttributes, rawText, attributes] = match;
    const start = match.index;
    const end = start + whole.length;
    if (whole.startsWith('<!')) {
      regions.push({ start, end, kind: 'barred', name: 'in a comment' });
      continue;
    }
    const inside = rawAttributes ?? attributes ?? '';
    const attributesAt = start + whole.indexOf(inside, 1 + (raw?.length ?? 0));
    const tagEnd = raw === undefined ? end : attributesAt + inside.length + 1;
    regions.push(...tagRegions(start, tagEnd, inside, attributesAt));
    if (raw !== undefined && rawText !== undefined) {
      const kind = raw.toLowerCase() === 'title' ? 'title' : 'barred';
      regions.push({ start: tagEnd, end: tagEnd + rawText.length, kind, name: `in <${raw}>` });
    }
  }
  return regions;
}

/** A tag: its quoted values, and all between them, which is barred. */
function tagRegions(start: number, end: number, inside: string, insideAt: number): readonly Region[] {
  const regions: Region[] = [];
  let from = start;
  const bar = (to: number): void => {
    if (to > from) regions.push({ start: from, end: to, kind: 'barred', name: 'in a tag, outside quotes' });
  };
  for (const match of inside.matchAll(ATTRIBUTE)) {
    const value = match[2] ?? match[3];
    if (value === undefined || match[1] === undefined) continue;
    const valueEnd = insideAt + match.index + match[0].length - 1;
    const valueStart = valueEnd - value.length;
    bar(valueStart);
    regions.push({ start: valueStart, end: valueEnd, kind: 'attribute', name: match[1].toLowerCase() });
    from = valueEnd;
  }
  bar(end);
  return regions;
}
