/** Titles of a newsletter's sections in its own language. */
import { textFor } from '../../domain/arrangement.js';
import { OTHER } from '../../domain/category.js';
import type { Newsletter } from '../../domain/newsletter.js';

/** Every section by its key, in the newsletter's order. */
export function sectionTitles({ categories, language }: Newsletter): ReadonlyMap<string, string> {
  return new Map([
    ...categories.map(({ key, title }) => [key, textFor(title, language, language)?.text ?? key] as const),
    [OTHER, 'Other'] as const,
  ]);
}
