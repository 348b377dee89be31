/**
 * Graphemes, words and sentences of a text, found piece by piece as they are asked for: `Intl.Segmenter` takes time that
 * grows with the square of what it is given at once, in some versions of Node (rule: strangers-cost-little).
 */

export type Granularity = 'grapheme' | 'word' | 'sentence';

export interface Segment {
  readonly segment: string;
  /** In the whole text, in UTF-16 code units. */
  readonly index: number;
  readonly isWordLike: boolean;
}

/** Code units in a piece, at first; a segment that fills a piece is looked at in a larger one. */
const PIECE = 512;
/** A segment this long is parted: no reader would call it a word or a sentence. */
const LARGEST_PIECE = 8 * PIECE;

/** Every segment from the start of the text; what is not asked for is not looked at. */
export function* segmentsOf(text: string, language: string | undefined, granularity: Granularity): Iterable<Segment> {
  const segmenter = segmenterFor(language, granularity);
  let [at, size] = [0, PIECE];
  while (at < text.length) {
    const end = Math.min(at + size, text.length);
    const found = [...segmenter.segment(text.slice(at, end))];
    const isWhole = end === text.length || (found.length === 1 && size >= LARGEST_PIECE);
    // The last of a piece may go on behind it.
    if (!isWhole) found.pop();
    for (const { segment, index, isWordLike } of found)
      yield { segment, index: at + index, isWordLike: isWordLike === true };
    const last = found.at(-1);
    size = last === undefined ? size * 2 : PIECE;
    if (last !== undefined) at += last.index + last.segment.length;
  }
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterFor(language: string | undefined, granularity: Granularity): Intl.Segmenter {
  const key = `${language} ${granularity}`;
  const known = segmenters.get(key) ?? new Intl.Segmenter(language, { granularity });
  segmenters.set(key, known);
  return known;
}
