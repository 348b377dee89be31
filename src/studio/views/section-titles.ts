/** Titles of a newsletter's sections in its own language. */
import { OTHER } from '../../domain/category.js';
import type { Newsletter } from '../../domain/newsletter.js';

/** Every section by its key, in the newsletter's order. */
export function sectionTitles({ categories, language }: Newsletter): ReadonlyMap<string, string> {
  return new Map([
    ...categories.map(({ key, title }) => [key, title[language] ?? key] as const),
    [OTHER, 'Other'] as const,
  ]);
}
