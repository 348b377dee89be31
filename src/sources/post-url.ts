/** Where a post is read: its own address from front matter, or the source's pattern on its site. */
import { trimEndOf, trimOf } from '../domain/trim.js';
import type { WallTime } from './dates.js';

export interface UrlFacts {
  readonly slug: string;
  /** When it was published, by the clocks of the source; `undefined` for a draft without a date. */
  readonly date: WallTime | undefined;
  readonly categories: readonly string[];
  /** The path within the source without extension. */
  readonly stem: string;
}

export type UrlResult =
  | { readonly kind: 'url'; readonly url: string }
  /** The pattern needs a date and there is none. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly message: string };

/** Patterns Jekyll has names for. */
const NAMED: { readonly [name: string]: string } = {
  pretty: '/:categories/:year/:month/:day/:title/',
  date: '/:categories/:year/:month/:day/:title.html',
  none: '/:categories/:title.html',
};

const two = (number: number) => String(number).padStart(2, '0');

const DATE_PARTS: { readonly [name: string]: (date: WallTime) => string } = {
  year: ({ year }) => String(year),
  short_year: ({ year }) => two(year % 100),
  month: ({ month }) => two(month),
  i_month: ({ month }) => String(month),
  day: ({ day }) => two(day),
  i_day: ({ day }) => String(day),
  hour: ({ hour }) => two(hour),
  minute: ({ minute }) => two(minute),
  second: ({ second }) => two(second),
};

const PARTS: { readonly [name: string]: (facts: UrlFacts) => string } = {
  slug: ({ slug }) => encoded(slug),
  title: ({ slug }) => encoded(slug),
  name: ({ stem }) => encoded(stem.split('/').at(-1) ?? ''),
  filename: ({ stem }) => encoded(stem.split('/').at(-1) ?? ''),
  path: ({ stem }) => stem.split('/').map(encoded).join('/'),
  section: ({ stem }) => encoded(stem.split('/').slice(0, -1)[0] ?? ''),
  category: ({ categories }) => inUrl(categories[0] ?? ''),
  categories: ({ categories }) => categories.map(inUrl).join('/'),
};

/** The names a pattern may hold after a colon, for messages and the settings reference. */
export const URL_PARTS: readonly string[] = [...Object.keys(DATE_PARTS), ...Object.keys(PARTS)];

/** The first name in a pattern that means nothing; `undefined` when all do. */
export function unknownUrlPart(pattern: string): string | undefined {
  return [...pattern.matchAll(/:([a-z_]+)/g)]
    .map(([, name]) => name as string)
    .find((name) => !URL_PARTS.includes(name));
}

/** The address of a post by a pattern such as `/:year/:month/:day/:slug/`. */
export function urlFromPattern(pattern: string, site: string, facts: UrlFacts): UrlResult {
  const wanted = NAMED[pattern] ?? pattern;
  const unknown = unknownUrlPart(wanted);
  if (unknown !== undefined) return { kind: 'refused', message: `“:${unknown}” means nothing in an address.` };
  let isDateMissing = false;
  const path = wanted.replace(/:([a-z_]+)/g, (_, name: string) => {
    const part = DATE_PARTS[name];
    if (part === undefined) return PARTS[name]?.(facts) ?? '';
    if (facts.date === undefined) isDateMissing = true;
    return facts.date === undefined ? '' : part(facts.date);
  });
  return isDateMissing ? { kind: 'unknown' } : onSite(path.replace(/\/{2,}/g, '/'), site);
}

/** The address a post gives itself: a path on the site, or an absolute http(s) URL. */
export function urlFromPermalink(permalink: string, site: string, facts: UrlFacts): UrlResult {
  if (/^(?:https?:)?\/\//i.test(permalink)) return checked(permalink.replace(/^\/\//, 'https://'));
  if (/^[a-z][a-z0-9+.-]*:[^:]/i.test(permalink)) {
    return { kind: 'refused', message: 'The address of a post begins with /, http:// or https://.' };
  }
  return urlFromPattern(permalink.startsWith('/') || permalink in NAMED ? permalink : `/${permalink}`, site, facts);
}

function onSite(path: string, site: string): UrlResult {
  return checked(trimEndOf(site.replace(/[?#].*/s, ''), '/') + (path.startsWith('/') ? path : `/${path}`));
}

function checked(address: string): UrlResult {
  const path = address.replace(/^https?:\/\/[^/]*/i, '').replace(/[?#].*/s, '');
  const climbs = path.split(/[/\\]|%2f|%5c/i).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  if (climbs) return { kind: 'refused', message: 'The address of a post cannot hold “.” or “..” as a step.' };
  if (/\{[{%]/.test(address)) return { kind: 'refused', message: 'The address of a post cannot hold a template.' };
  try {
    // A lone percent sign is text; one that begins an escape is kept.
    const url = new URL(address.replace(/%(?![0-9a-f]{2})/gi, '%25').replace(/[[\]{}|^]/g, encodeURIComponent));
    return { kind: 'url', url: url.href };
  } catch {
    return { kind: 'refused', message: `“${address.slice(0, 200)}” is no address.` };
  }
}

function encoded(segment: string): string {
  return encodeURIComponent(segment.normalize('NFC'));
}

/** A category as it stands in an address: `Machine Learning` → `machine-learning`. */
function inUrl(category: string): string {
  const words = category.normalize('NFC').toLowerCase();
  return encoded(trimOf(words.replace(/[^\p{L}\p{N}\p{M}]+/gu, '-'), '-'));
}
