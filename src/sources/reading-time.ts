/** How long a body takes to read. */
import { type Html, textOf } from '../domain/html.js';

const WORDS_PER_MINUTE = 220;
const IDEOGRAPHS_PER_MINUTE = 500;
const PIECE = 1000;
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** Whole minutes, at least 1; 0 for a body without words. */
export function readingMinutesOf(body: Html): number {
  const text = textOf(body);
  const ideographs = text.match(IDEOGRAPH)?.length ?? 0;
  const words = wordsIn(ideographs > 0 ? text.replace(IDEOGRAPH, ' ') : text);
  if (words + ideographs === 0) return 0;
  return Math.max(1, Math.round(words / WORDS_PER_MINUTE + ideographs / IDEOGRAPHS_PER_MINUTE));
}

/** Counted piece by piece: the segmenter's time grows with the square of what it is given at once. */
function wordsIn(text: string): number {
  let words = 0;
  for (let at = 0; at < text.length; at += PIECE) {
    for (const { isWordLike } of segmenter.segment(text.slice(at, at + PIECE))) if (isWordLike === true) words += 1;
  }
  return words;
}
