/** Everything a file of content/issues may say, and what it may not say of its newsletter (rule: files). */
import { z } from 'zod';
import type { Arrangement, TextByLanguage } from '../domain/arrangement.js';
import { keyNamed, OTHER } from '../domain/category.js';
import type { Newsletter } from '../domain/newsletter.js';
import { didYouMean } from '../written/closest-name.js';
import type { Contradiction } from './newsletter-from-settings.js';
import { LONGEST_LINE, line } from './newsletter-settings.js';

/** A longer introduction would push the posts over the clip. */
const LONGEST_INTRODUCTION = 10_000;

// Names and words are kept as they are written, white space too (rule: editor's-words).
const post = z.string().min(1).max(2000);
const words = z.string().max(LONGEST_INTRODUCTION).transform(wordsIn);
const subject = z
  .string()
  .max(LONGEST_LINE)
  .refine((text) => !/[^\P{Cc}\t]/u.test(text), 'Must be one line, without control characters.');
const posts = z.array(post).default([]);

/** The words of a value: its last newline ends the last line, as in a YAML block, and is not part of them. */
export function wordsIn(value: unknown): string {
  return String(value).replace(/\n$/, '');
}

function byLanguage<Text extends z.ZodType<string>>(text: Text) {
  return z
    .union([text, z.record(z.string(), text)], 'Must be text, or a text for each language: { en: …, de: … }.')
    .optional();
}

/** The schema of a file of content/issues. Keys are in the order in which they are written. */
export const arrangementSettings = z.strictObject({
  introduction: byLanguage(words).describe(
    'Markdown before the first post: one text, or one for each language. Blank is the same as absent.',
  ),
  subject: byLanguage(subject).describe(
    'The subject line of this issue, plain text: one for all, or one for each language. Made from the posts when absent or blank.',
  ),
  pinned: posts.describe('Posts shown before all others, in this order.'),
  order: posts.describe('Posts shown first in their sections, in this order; the others follow, newest first.'),
  sections: z
    .record(post, line)
    .default({})
    .describe('Posts shown in another section than their own: a category key, or `other`.'),
  leftOut: posts.describe('Posts that are not in this issue, and not automatically in a later one.'),
  broughtIn: posts.describe('Posts that are in this issue although they are not news.'),
});

export type ArrangementSettings = z.output<typeof arrangementSettings>;

/** An arrangement under the keys of its file. */
export type ArrangementKeys = Omit<Arrangement, 'excluded' | 'added'> & {
  readonly leftOut: readonly string[];
  readonly broughtIn: readonly string[];
};

const LISTS = ['pinned', 'order', 'leftOut', 'broughtIn'] as const;

/** The arrangement with its sections named by their keys. */
export function arrangementFrom(settings: ArrangementSettings, { categories }: Newsletter): Arrangement {
  const { introduction, subject, sections, leftOut, broughtIn, ...lists } = settings;
  const keys = Object.entries(sections).map(([id, name]) => [id, keyNamed(name, categories) ?? name]);
  return {
    ...lists,
    excluded: leftOut,
    added: broughtIn,
    sections: Object.fromEntries(keys),
    ...(introduction !== undefined && { introduction }),
    ...(subject !== undefined && { subject }),
  };
}

/** The keys of the file that say an arrangement. */
export function settingsFrom({ excluded, added, ...same }: Arrangement): ArrangementKeys {
  return { ...same, leftOut: excluded, broughtIn: added };
}

/** Everything in a file that contradicts itself or its newsletter. */
export function arrangementContradictions(
  settings: ArrangementSettings,
  newsletter: Newsletter,
): readonly Contradiction[] {
  return [
    ...languageContradictions('introduction', settings.introduction, newsletter),
    ...languageContradictions('subject', settings.subject, newsletter),
    ...LISTS.flatMap((list) => repeated(list, settings[list])),
    ...settings.leftOut.flatMap((id, index) => {
      const other = (['pinned', 'broughtIn'] as const).find((list) => settings[list].includes(id));
      return other ? [{ path: ['leftOut', index], message: `“${id}” is in ${other} as well; keep one.` }] : [];
    }),
    ...sectionContradictions(settings, newsletter),
  ];
}

function languageContradictions(
  key: string,
  text: TextByLanguage | undefined,
  { language, id }: Newsletter,
): readonly Contradiction[] {
  if (text === undefined || typeof text === 'string') return [];
  const unknown = Object.keys(text).filter((tag) => !isLanguage(tag));
  return [
    ...unknown.map((tag) => ({
      path: [key, tag],
      message: `“${tag}” is no language code such as en or pt-BR.`,
    })),
    ...(Object.hasOwn(text, language)
      ? []
      : [{ path: [key], message: `Has no text for ${language}, the language of “${id}”.` }]),
  ];
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

function repeated(list: string, ids: readonly string[]): readonly Contradiction[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index ? [{ path: [list, index], message: `“${id}” is in the list twice.` }] : [],
  );
}

function sectionContradictions(
  { sections }: ArrangementSettings,
  { categories, id }: Newsletter,
): readonly Contradiction[] {
  const known = [...categories.map(({ key }) => key), OTHER];
  return Object.entries(sections).flatMap(([post, name]) => {
    if (keyNamed(name, categories) !== undefined) return [];
    const meant = didYouMean(name, known) || ` It has: ${known.join(', ')}.`;
    return [{ path: ['sections', post], message: `“${id}” has no section “${name}”.${meant}` }];
  });
}
