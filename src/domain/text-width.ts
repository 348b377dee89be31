/** The width of text in a fixed-width font, by grapheme: East Asian wide characters and emoji take two columns. */
import { segmentsOf } from './segments.js';

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]|\ufe0f/u;
const NO_WIDTH = /^[\p{M}\p{Cf}]+$/u;
const ASCII = /^[ -~]*$/;

/** The graphemes of a text, each with its offset. */
export function graphemesOf(text: string): Iterable<{ readonly segment: string; readonly index: number }> {
  return segmentsOf(text, 'und', 'grapheme');
}

/** Columns one grapheme takes. */
export function graphemeWidth(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Columns a text takes on one line. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemesOf(text)) columns += graphemeWidth(segment);
  return columns;
}
