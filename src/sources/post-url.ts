/** Where a post is read: its own address from front matter, or the source's pattern on its site. */
import { trimEndOf } from '../domain/trim.js';
import type { WallTime } from './dates.js';
import type { AddressFacts, AddressParts, SiteFacts } from './dialects/dialect.js';
import { dialectNamed, partNames } from './dialects/index.js';
import { encoded, encodedPath, wordsSlug } from './dialects/slugs.js';

export type UrlResult =
  | { readonly kind: 'url'; readonly url: string }
  /** The pattern needs a date and there is none. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly message: string };

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

/** What every dialect knows, unless it has a meaning of its own for it. */
const PARTS: { readonly [name: string]: (facts: AddressFacts) => string } = {
  slug: ({ slug }) => encoded(slug),
  title: ({ slug }) => encoded(slug),
  name: ({ sourcePath }) => encoded(sourcePath.split('/').at(-1) ?? ''),
  filename: ({ sourcePath }) => encoded(sourcePath.split('/').at(-1) ?? ''),
  path: ({ sourcePath }) => encodedPath(sourcePath),
  section: ({ sourcePath }) => encoded(sourcePath.split('/').slice(0, -1)[0] ?? ''),
  category: ({ categories }) => wordsSlug(categories[0] ?? ''),
  categories: ({ categories }) => categories.map(wordsSlug).join('/'),
};

/** The names any pattern may hold after a colon, for messages and the settings reference. */
export const URL_PARTS: readonly string[] = [
  ...new Set([...Object.keys(DATE_PARTS), ...Object.keys(PARTS), ...partNames()]),
];

/** The first name in a pattern that means nothing; `undefined` when all do. */
export function unknownUrlPart(pattern: string): string | undefined {
  return [...pattern.matchAll(/:([a-z_]+)/g)]
    .map(([, name]) => name as string)
    .find((name) => !URL_PARTS.includes(name));
}

/** The address of a post by a pattern such as `/:year/:month/:day/:slug/`. */
export function urlFromPattern(pattern: string, site: string, facts: AddressFacts, generator: SiteFacts): UrlResult {
  const { parts } = dialectNamed(generator.dialect);
  let [isDateMissing, unknown] = [false, ''];
  const path = pattern.replace(/:([a-z_]+)/g, (_, name: string) => {
    if (!Object.hasOwn(parts, name) && !Object.hasOwn(PARTS, name) && !Object.hasOwn(DATE_PARTS, name))
      unknown ||= name;
    const part = partOf(name, parts, facts, generator);
    if (part === undefined) isDateMissing = true;
    return part ?? '';
  });
  if (unknown !== '') return { kind: 'refused', message: `“:${unknown}” means nothing in an address.` };
  return isDateMissing ? { kind: 'unknown' } : onSite(path.replace(/\/{2,}/g, '/'), site);
}

function partOf(name: string, own: AddressParts, facts: AddressFacts, generator: SiteFacts): string | undefined {
  if (Object.hasOwn(own, name)) return own[name]?.(facts, generator);
  const ofDate = DATE_PARTS[name];
  if (ofDate !== undefined) return facts.date && ofDate(facts.date);
  return PARTS[name]?.(facts) ?? '';
}

/** The address a post gives itself: an absolute http(s) URL, or a path on the site as its dialect understands it. */
export function urlFromPermalink(
  permalink: string,
  site: string,
  facts: AddressFacts,
  generator: SiteFacts,
): UrlResult {
  if (/^(?:https?:)?\/\//i.test(permalink)) return checked(permalink.replace(/^\/\//, 'https://'));
  if (/^[a-z][a-z0-9+.-]*:[^:]/i.test(permalink)) {
    return { kind: 'refused', message: 'The address of a post begins with /, http:// or https://.' };
  }
  const dialect = dialectNamed(generator.dialect);
  const meant = dialect.permalinkOf === undefined ? permalink : dialect.permalinkOf(permalink, facts, generator);
  if (meant === undefined) {
    const message = `“${permalink.slice(0, 200)}” holds an expression that is not evaluated here. Set \`url\` of the source.`;
    return { kind: 'refused', message };
  }
  return urlFromPattern(meant.startsWith('/') ? meant : `/${meant}`, site, facts, generator);
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
