/** Turns a checked newsletter file into a newsletter, and finds settings that contradict each other. */
import { type Category, categoryKey } from '../domain/category.js';
import type { Newsletter, NewsletterLook, SourceChoice } from '../domain/newsletter.js';
import { instantFrom } from '../sources/dates.js';
import { didYouMean } from '../written/closest-name.js';
import type { SettingPath } from '../written/read-yaml.js';
import { type CategorySettings, isReservedKey, type NewsletterSettings } from './newsletter-settings.js';

export interface NewsletterContext {
  /** The names of content/sources.yaml; `undefined` when that file could not be read. */
  readonly sourceNames: readonly string[] | undefined;
  /** The time between two occurrences of a schedule. */
  readonly periodMs: (schedule: string, timezone: string) => number;
}

/** A mistake in a file that keeps to its schema. */
export interface Contradiction {
  readonly path: SettingPath;
  readonly message: string;
}

const USUAL_MAX_AGE_MS = 30 * 86_400_000;

/** The newsletter with every default filled in (rule: max-age). */
export function newsletterFromSettings(settings: NewsletterSettings, { periodMs }: NewsletterContext): Newsletter {
  const { look, confirmationSender, replyTo, postalAddress, subject, baseline, maxAge, maxLateness, inDoubt, ...same } =
    settings;
  const since = baseline && instantFrom(baseline, settings.timezone);
  const twoPeriods = () => 2 * periodMs(settings.schedule, settings.timezone);
  return {
    ...same,
    sources: settings.sources.map(sourceChoice),
    categories: settings.categories.map((category) => categoryFrom(category, settings.language)),
    ...(look && { look: lookFrom(look) }),
    ...(confirmationSender && { confirmationSender }),
    ...(replyTo && { replyTo }),
    ...(postalAddress && { postalAddress }),
    ...(subject && { subject }),
    ...(since && { baseline: since }),
    maxAgeMs: maxAge ?? Math.max(USUAL_MAX_AGE_MS, twoPeriods()),
    maxLatenessMs: maxLateness,
    onUnknownOutcome: inDoubt,
  };
}

function lookFrom({ accent, logo, logoWidth }: NonNullable<NewsletterSettings['look']>): NewsletterLook {
  return { ...(accent && { accent }), ...(logo && { logo: { src: logo, width: logoWidth } }) };
}

function sourceChoice(source: NewsletterSettings['sources'][number]): SourceChoice {
  return typeof source === 'string' ? { name: source, only: [], except: [] } : source;
}

function categoryFrom(category: CategorySettings, language: string): Category {
  if (typeof category === 'string') return { key: categoryKey(category), title: { [language]: category }, also: [] };
  const { key, title = key, also } = category;
  return { key: categoryKey(key), title: typeof title === 'string' ? { [language]: title } : title, also };
}

/** Everything in a file that contradicts itself or names what there is not. */
export function contradictionsIn(settings: NewsletterSettings, context: NewsletterContext): readonly Contradiction[] {
  return [
    ...sourceContradictions(settings, context.sourceNames),
    ...categoryContradictions(settings),
    ...(settings.minPosts > settings.maxPosts
      ? [{ path: ['minPosts'], message: `Must not be above maxPosts, which is ${settings.maxPosts}.` }]
      : []),
  ];
}

function sourceContradictions(
  { sources }: NewsletterSettings,
  known: readonly string[] | undefined,
): readonly Contradiction[] {
  const names = sources.map((source) => sourceChoice(source).name);
  return names.flatMap((name, index) => {
    const path = typeof sources[index] === 'string' ? ['sources', index] : ['sources', index, 'name'];
    if (names.indexOf(name) < index) return [{ path, message: `“${name}” is in the list twice.` }];
    if (known === undefined || known.includes(name)) return [];
    const meant = didYouMean(name, known) || ` It has: ${known.join(', ') || 'none'}.`;
    return [{ path, message: `content/sources.yaml has no source “${name}”.${meant}` }];
  });
}

function categoryContradictions({ categories, language }: NewsletterSettings): readonly Contradiction[] {
  const owners = new Map<string, number>();
  return categories.flatMap((category, index) => {
    const found: Contradiction[] = [];
    for (const { spelling, path } of spellingsOf(category, index)) {
      const owner = owners.get(categoryKey(spelling));
      owners.set(categoryKey(spelling), owner ?? index);
      if (isReservedKey(spelling)) found.push({ path, message: '“other” is the section for posts in no category.' });
      else if (owner !== undefined && owner !== index)
        found.push({ path, message: `“${spelling}” belongs to categories[${owner + 1}] already.` });
    }
    const titles = typeof category === 'string' ? undefined : category.title;
    if (typeof titles === 'object' && titles[language] === undefined)
      found.push({
        path: ['categories', index, 'title'],
        message: `Has no text for ${language}, the newsletter's language.`,
      });
    return found;
  });
}

function spellingsOf(category: CategorySettings, index: number) {
  if (typeof category === 'string') return [{ spelling: category, path: ['categories', index] }];
  const also = category.also.map((spelling, place) => ({ spelling, path: ['categories', index, 'also', place] }));
  return [{ spelling: category.key, path: ['categories', index, 'key'] }, ...also];
}
