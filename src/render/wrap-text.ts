/** Breaks plain text into lines of at most so many columns, never inside a URL (RFC 3676). */
import { segmentsOf } from '../domain/segments.js';
import { textWidth } from '../domain/text-width.js';

const WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const STAYS_WITH_LAST = /^[\p{Pe}\p{Pf}\p{Po}ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;
const STAYS_WITH_NEXT = /[\p{Ps}\p{Pi}]$/u;

export interface Wrapping {
  readonly width: number;
  /** Before the first line. */
  readonly first?: string;
  /** Before every other line. */
  readonly rest?: string;
}

/** One paragraph as lines; white space in it counts as single spaces. */
export function wrapText(text: string, { width, first = '', rest = '' }: Wrapping): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let used = textWidth(first);
  let empty = true;
  for (const { word, glued } of piecesOf(text)) {
    const gap = empty || glued ? '' : ' ';
    const more = textWidth(word);
    if (!empty && used + gap.length + more > width) {
      lines.push(line);
      line = rest + word;
      used = textWidth(rest) + more;
    } else {
      line += gap + word;
      used += gap.length + more;
    }
    empty = false;
  }
  if (!empty) lines.push(line);
  return lines;
}

/** Pieces between which a line may break; `glued` ones follow without a space. */
function* piecesOf(text: string): Generator<{ readonly word: string; readonly glued: boolean }> {
  for (const word of text.split(/[ \t\r\n]+/)) {
    if (word === '') continue;
    if (!WITHOUT_SPACES.test(word) || word.includes('://')) {
      yield { word, glued: false };
      continue;
    }
    let glued = false;
    for (const piece of breakable(word)) {
      yield { word: piece, glued };
      glued = true;
    }
  }
}

/** A run of a script written without spaces, cut where a line may end. */
function breakable(run: string): readonly string[] {
  const pieces: string[] = [];
  let [before, isPartable] = ['', false];
  for (const { segment } of segmentsOf(run, undefined, 'word')) {
    const isOfSuchScript = WITHOUT_SPACES.test(segment);
    const joins = STAYS_WITH_LAST.test(segment) || STAYS_WITH_NEXT.test(before) || !(isPartable || isOfSuchScript);
    if (pieces.length > 0 && joins) pieces[pieces.length - 1] += segment;
    else pieces.push(segment);
    isPartable = isOfSuchScript || (joins && isPartable);
    before = segment;
  }
  return pieces;
}
