import { expect, it } from 'vitest';
import { textWidth } from '../../src/domain/text-width.js';

it.each([
  ['', 0],
  ['Notes', 5],
  ['naïve', 5],
  // The same letters with a mark of its own, and a soft hyphen.
  ['nai\u0308ve', 5],
  ['hy\u00adphen', 6],
  ['日本語', 6],
  ['한국어', 6],
  ['「結晶」', 8],
  // Half and full width of one syllable; an ideograph beyond the first plane.
  ['ｶカ', 3],
  ['𠮷', 2],
  ['🎉', 2],
  // A family of three, and a flag: one picture each.
  ['👩‍👩‍👧', 2],
  ['🇯🇵', 2],
  // A sign that is text unless it is asked to be a picture.
  ['☀', 1],
  ['☀\ufe0f', 2],
  ['© ™', 3],
])('“%s” takes %i columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});
