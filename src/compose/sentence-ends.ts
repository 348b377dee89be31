/** Where sentences and words of a text end. Pure. */
import { segmentsOf } from '../domain/segments.js';

/** Words that end with a full stop and do not end a sentence. */
const ABBREVIATION =
  /(?:^|[\s(])(?:\p{L}|[Dd]r|Prof|Mr|Mrs|Ms|St|Jr|Sr|Nr|No|vs|cf|ca|etc|al|approx|Inc|Ltd|Co|Fig|Abb|Eq|Ref|Vol|Ch|Sec|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e|z\.\s?B|d\.\s?h|u\.\s?a|bzw|ggf|usw|p\.\s?ex|p\.\s?ej)\.\s*$/u;

/** What decides whether a sentence ends is among its last characters. */
const TAIL = 40;

/**
 * Ends of sentences that begin before an offset, without the white space behind them. The segmenter takes the full stop of an
 * abbreviation for an end; this does not.
 */
export function* sentenceEnds(text: string, language: string, until: number): Iterable<number> {
  let start = 0;
  for (const { segment, index } of segmentsOf(text, language, 'sentence')) {
    if (index > until) break;
    const end = index + segment.length;
    const said = text.slice(Math.max(start, end - TAIL), end);
    const next = text.charAt(end);
    const isEnd = /[.!?…。！？؟۔։।]["'”’»)\]）」』]*\s*$/u.test(said) && !ABBREVIATION.test(said);
    if (isEnd && !/\p{Ll}/u.test(next)) {
      yield index + segment.trimEnd().length;
      start = end;
    }
  }
}

/** Ends of words that begin before an offset: a mark that belongs to the word before it (a closing bracket, a full stop) stays with it. */
export function* wordEnds(text: string, language: string, until: number): Iterable<number> {
  for (const { segment, index, isWordLike } of segmentsOf(text, language, 'word')) {
    if (index > until) break;
    const end = index + segment.length;
    const rest = text.slice(end, end + 1);
    if (isWordLike && !/[\p{L}\p{N}\p{M}'’_-]/u.test(rest)) yield end;
    else if (isWordLike && UNSPACED.test(segment)) yield end;
    else if (!isWordLike && /^[\p{Pe}\p{Pf}\p{So}]/u.test(segment)) yield end;
  }
}

/** Scripts written without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
