import { expect, it } from 'vitest';
import { OTHER } from '../../src/domain/category.js';
import { sectionTitle } from '../../src/domain/messages.js';
import type { Messages } from '../../src/domain/ports/content.js';

const messages = { language: 'en', say: (key: string) => key } as Messages;
const news = { key: 'news', title: { en: 'News' }, also: [] };

it.each([
  ['of a category is its own', 'news', [news], 'News'],
  ['of posts in no category says that they are others', OTHER, [news], 'section.other'],
  ['of all posts does not, where the newsletter has no categories', OTHER, [], 'section.all'],
])('the heading %s', (_, key, categories, title) => {
  expect(sectionTitle(key, { categories, language: 'en' }, messages)).toBe(title);
});
