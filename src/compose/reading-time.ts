/** How long a body takes to read. */
import { type Html, textOf } from '../domain/html.js';
import { segmentsOf } from '../domain/segments.js';

const WORDS_PER_MINUTE = 220;
const IDEOGRAPHS_PER_MINUTE = 500;
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** Whole minutes, at least 1; 0 for a body without words. */
export function readingMinutesOf(body: Html): number {
  const minutes = counted.get(body) ?? minutesOf(body);
  counted.set(body, minutes);
  return minutes;
}

/** A body is composed once for each level of shortening. */
const counted = new WeakMap<Html, number>();

function minutesOf(body: Html): number {
  const text = textOf(body);
  const ideographs = text.match(IDEOGRAPH)?.length ?? 0;
  const words = wordsIn(ideographs > 0 ? text.replace(IDEOGRAPH, ' ') : text);
  if (words + ideographs === 0) return 0;
  return Math.max(1, Math.round(words / WORDS_PER_MINUTE + ideographs / IDEOGRAPHS_PER_MINUTE));
}

function wordsIn(text: string): number {
  let words = 0;
  for (const { isWordLike } of segmentsOf(text, 'en', 'word')) if (isWordLike) words += 1;
  return words;
}
