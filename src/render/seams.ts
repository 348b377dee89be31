/** What meets where two texts are joined: Outlook's conditional comments in HTML, empty lines in plain text. Pure. */
import { trimLineEnds, trimOf } from '../domain/trim.js';
import { cleanText } from './markup.js';

/** A text without what depends on its neighbours, and what was at its ends. */
export interface Trimmed {
  readonly core: string;
  readonly head: number;
  readonly tail: number;
}

/** How the texts of one part of a mail are taken apart and joined again. */
export interface Seams {
  trim(text: string): Trimmed;
  /** What comes between two texts, from the end of the first and the beginning of the second. */
  join(tail: number, head: number): string;
}

const OPENING = '<!--[if mso | IE]>';
const CLOSING = '<![endif]-->';

/** MJML merges conditional comments that follow one another, and leaves one space where there was white space. */
export const HTML_SEAMS: Seams = {
  trim(text) {
    const trimmed = text.trim();
    const head = trimmed.startsWith(OPENING) ? 1 : 0;
    const tail = trimmed.endsWith(CLOSING) ? 1 : 0;
    const core = trimmed.slice(head * OPENING.length, tail === 1 ? -CLOSING.length : undefined);
    return { core, head, tail };
  },
  join(tail, head) {
    if (tail === 1 && head === 1) return '';
    return `${tail === 1 ? CLOSING : ''} ${head === 1 ? OPENING : ''}`;
  },
};

/** No white space at line ends, and at most one empty line in a row. */
export const TEXT_SEAMS: Seams = {
  trim(text) {
    const tidy = trimLineEnds(cleanText(text)).replace(/\n{3,}/g, '\n\n');
    const core = trimOf(tidy, '\n');
    if (core === '') return { core, head: tidy.length, tail: 0 };
    return { core, head: tidy.indexOf(core), tail: tidy.length - tidy.indexOf(core) - core.length };
  },
  join: (tail, head) => '\n'.repeat(Math.min(2, tail + head)),
};
