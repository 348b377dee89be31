/** What the stories of the public pages share: where pages are, whose language they have, and whom a token is for. */

import type { AppContext } from '../app-context.js';
import type { Links } from '../audience/links.js';
import type { Stamps } from '../audience/tokens.js';
import { type CategoryPreferences, OTHER } from '../domain/category.js';
import { GazetteError } from '../domain/errors.js';
import { messagesFor } from '../domain/messages.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Choice, Frequency, PageLinks, PageRequest } from '../domain/page.js';
import type { Pages } from '../domain/ports/content.js';
import type { NoticeBuilder } from '../domain/ports/mail.js';
import type { Person } from '../domain/ports/storage.js';
import { trimEndOf } from '../domain/trim.js';

/** What the public pages need beyond what sending needs. */
export interface PublicSite {
  /** Where they are seen from outside; without a slash at the end. */
  readonly publicUrl: string;
  readonly links: Links;
  readonly stamps: Stamps;
  readonly pages: Pages;
  readonly notices: NoticeBuilder;
  /** Keyed hashes an erased address may be kept under; the first is the one to write. */
  erasedKeys(addressKey: string): readonly string[];
}

/** A page to print, without the links around it. */
export type Page = Omit<PageRequest, 'links'>;

/** Throws `env.invalid` when this workspace has no public side. */
export function publicSideOf({ publicSite }: AppContext): PublicSite {
  if (publicSite) return publicSite;
  throw new GazetteError('env.invalid', 'The public pages need GAZETTE_PUBLIC_URL and GAZETTE_SECRET.', {
    hint: 'Set both in .env; for a look on this machine GAZETTE_PUBLIC_URL=http://localhost:8080 will do.',
  });
}

/** Paths of the public pages, from the root of their host. */
export function pathsOf({ publicUrl }: Pick<PublicSite, 'publicUrl'>) {
  const base = trimEndOf(new URL(publicUrl).pathname, '/');
  const archive = (newsletter: string) => `${base}/archive/${encodeURIComponent(newsletter)}`;
  const paged = (path: string, page: number) => (page <= 1 ? path : `${path}?page=${page}`);
  return {
    base,
    absolute: (path: string) => new URL(publicUrl).origin + path,
    signUp: (newsletter: string) => `${base}/s/${encodeURIComponent(newsletter)}`,
    confirm: (token: string) => `${base}/c/${token}`,
    unsubscribe: (token: string) => `${base}/u/${token}`,
    preferences: (token: string) => `${base}/p/${token}`,
    /** Where links lead that a page for everybody cannot know a reader for. */
    who: `${base}/u`,
    data: (token: string) => `${base}/p/${token}/data`,
    style: (theme: string, version: string) => `${base}/assets/${theme}-${version}.css`,
    archive: (newsletter: string, page = 1) => paged(archive(newsletter), page),
    issue: (newsletter: string, number: number) => `${archive(newsletter)}/${number}`,
    feed: (newsletter: string) => `${archive(newsletter)}/feed.atom`,
    category: (newsletter: string, key: string, page = 1) =>
      paged(`${archive(newsletter)}/category/${encodeURIComponent(key)}`, page),
    categoryFeed: (newsletter: string, key: string) =>
      `${archive(newsletter)}/category/${encodeURIComponent(key)}/feed.atom`,
  };
}

/** The links around a page of a newsletter. */
export async function pageLinksFor(side: PublicSite, { id, theme }: Newsletter): Promise<PageLinks> {
  const paths = pathsOf(side);
  const { version } = await side.pages.style(theme);
  return {
    style: paths.style(theme, version),
    signUp: paths.signUp(id),
    archive: paths.archive(id),
    feed: paths.feed(id),
  };
}

/** The first of these languages there are words for; else the newsletter's own. */
export async function languageFor(
  deps: AppContext,
  newsletter: Newsletter,
  ...wanted: readonly (string | undefined)[]
): Promise<string> {
  for (const language of wanted) {
    if (language !== undefined && isLanguage(language) && (await deps.messagesIn(language)) !== undefined)
      return language;
  }
  return newsletter.language;
}

/**
 * The language a stranger asks for, as the newsletter offers it: one for each catalogue of words, however many tags can
 * be asked with, because each language of a reader is an edition. (rule: strangers-cost-little)
 */
export async function offeredLanguage(deps: AppContext, { language }: Newsletter, wanted?: string): Promise<string> {
  if (wanted === undefined || !isLanguage(wanted)) return language;
  // One spelling, also where the names of files are one in upper and lower case.
  const words = await deps.messagesIn(Intl.getCanonicalLocales(wanted)[0] ?? wanted);
  const own = await deps.messagesIn(language);
  return !words || words.catalogue === own?.catalogue ? language : words.catalogue;
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Whom a link is for, and the newsletter it came with; `undefined` when it is not ours, or they are gone. */
export async function personOf(
  deps: AppContext,
  token: string,
): Promise<{ readonly newsletter: Newsletter; readonly person: Person } | undefined> {
  const ref = publicSideOf(deps).links.verify(token);
  if (!ref) return undefined;
  const person = await deps.store.audience.person(ref.subscriber);
  // A newsletter that was renamed or given up still lets its readers go.
  const newsletter = deps.newsletters.get(ref.newsletter) ?? [...deps.newsletters.values()][0];
  return person && newsletter ? { newsletter: { ...newsletter, id: ref.newsletter }, person } : undefined;
}

/** The categories of a newsletter to choose from, as this reader has chosen; the posts in none of them come last. */
export async function choicesFor(
  deps: AppContext,
  newsletter: Newsletter,
  wishes: CategoryPreferences,
  language: string,
): Promise<readonly Choice[]> {
  const words = await messagesFor(deps.messagesIn, newsletter, language);
  return keysOf(newsletter).map((key) => {
    const title = newsletter.categories.find((each) => each.key === key)?.title ?? {
      [language]: words.say('section.other'),
    };
    return {
      key,
      title: title[language] ?? title[language.split('-')[0] ?? ''] ?? Object.values(title)[0] ?? key,
      isChosen: wishes?.includes(key) ?? false,
    };
  });
}

/** Of what a form brought, the categories the newsletter has. */
export function knownCategories(newsletter: Newsletter, chosen: readonly string[]): readonly string[] {
  return keysOf(newsletter).filter((key) => chosen.includes(key));
}

/** What readers may wish for (rule: category-preferences); nothing where there are no categories to choose between. */
function keysOf({ categories }: Newsletter): readonly string[] {
  return categories.length === 0 ? [] : [...categories.map(({ key }) => key), OTHER];
}

const DAY_MS = 86_400_000;

/** How often a newsletter comes, for people. */
export function frequencyOf({ calendar, clock }: AppContext, { schedule, timezone }: Newsletter): Frequency {
  const first = calendar.next(schedule, timezone, clock.now());
  const second = calendar.next(schedule, timezone, first);
  const third = calendar.next(schedule, timezone, second);
  const days = (third.getTime() - first.getTime()) / 2 / DAY_MS;
  if (days <= 3.5) return 'daily';
  if (days <= 9) return 'weekly';
  if (days <= 18) return 'fortnightly';
  return days <= 45 ? 'monthly' : 'seldom';
}
