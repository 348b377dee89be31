/**
 * Makes the short text an edition shows of a post (rule: excerpt). The rules:
 *
 * 1. The author's summary, unless it only says the title; else the introduction up to the more mark; else the beginning of the body.
 * 2. The beginning of the body leaves out what passed-over.ts names, and ends where opening.ts finds the best place: behind a
 *    paragraph, a list or a sentence, between the items of a list, and only in a sentence that alone is too long behind a word, with
 *    `…`. Never after a colon, a heading or a sentence that leads to something not shown. What is cut is closed again.
 * 3. The post's picture is shown separately (figure.ts). Other pictures are dropped, but those between the paragraphs of an introduction
 *    stay where they are.
 * 4. A heading that is shown is a bold line.
 */
import type { Html } from '../domain/html.js';
import { textOf } from '../domain/html.js';
import type { ShownPictures } from '../domain/newsletter.js';
import type { Picture } from '../domain/post.js';
import { type Block, blocksOf, hasWords, isMediaLink, paragraph } from './blocks.js';
import { cutHtml } from './cut-html.js';
import { figureFrom, picturesIn } from './figure.js';
import { beforeText, introductionOf, type PicturesInPlace, wholeIntroduction } from './introduction.js';
import { comparable } from './notices.js';
import { type Opening, openingOf } from './opening.js';
import { withoutPassedOver } from './passed-over.js';

export interface ExcerptInput {
  readonly body: Html;
  /** Not said again. */
  readonly title?: string;
  /** What most posts begin with, in the form of `comparable`. */
  readonly repeated?: ReadonlySet<string>;
  readonly summary?: Html;
  /** The picture named in front matter; wins over one in the body. */
  readonly image?: Picture;
  readonly language: string;
  /** The longest excerpt that is not the author's own choice, in columns: a wide character counts two. */
  readonly usualChars: number;
  /** `each` when absent; `lead`: no picture stays in the text, so that it can be left out. */
  readonly pictures?: ShownPictures;
  /** No excerpt is longer, not even the author's. */
  readonly mostChars?: number;
}

export interface Excerpt {
  readonly html: Html;
  /** True when the body has more text than this. */
  readonly continues: boolean;
  readonly figure?: Picture;
}

/** The excerpt of one post. Empty when there is no text to show. */
export function excerptFrom(input: ExcerptInput): Excerpt {
  const { title = '', repeated = NOTHING_REPEATED, pictures = 'each', mostChars } = input;
  const { before, isMarked } = introductionOf(input.body);
  const all = blocksOf(before);
  const blocks = withoutPassedOver(all, { title, repeated });
  const summary = input.summary && comparable(textOf(input.summary)) !== comparable(title) ? input.summary : undefined;
  // An introduction is shown as its author laid it out, as long as there is room.
  const isInPlace = isMarked && !summary && mostChars === undefined && pictures === 'each';
  const image = input.image && !repeated.has(input.image.src) ? input.image : undefined;
  const found = picturesIn(isInPlace ? beforeText(all) : all);
  const figure = pictures === 'none' ? undefined : figureFrom(found, image);
  const inPlace = isInPlace ? { without: figure?.src } : undefined;
  const { html, isCut } = summary ? fromSummary(summary, input) : fromBlocks(blocks, isMarked, input, inPlace);
  // No mail plays a video.
  const continues = (isCut && hasWords(input.body)) || all.some(isMediaLink);
  return { html, continues, ...(figure && { figure }) };
}

const NOTHING_REPEATED: ReadonlySet<string> = new Set();

/** More columns than any mail can hold bytes: what is longer would be cut by the next step of the clip ladder all the same. */
const LONGEST = 95_000;

function fromSummary(summary: Html, { language, mostChars = LONGEST }: ExcerptInput): Opening {
  return { html: cutHtml([paragraph(summary)], mostChars, language), isCut: true };
}

function fromBlocks(
  blocks: readonly Block[],
  isMarked: boolean,
  { language, usualChars, mostChars }: ExcerptInput,
  inPlace: PicturesInPlace | undefined,
): Opening {
  const most = mostChars ?? (isMarked ? LONGEST : usualChars);
  const whole = isMarked ? wholeIntroduction(blocks, most, inPlace) : undefined;
  if (whole) return { html: whole, isCut: true };
  return openingOf(blocks, { usual: usualChars, most: isMarked ? most : Math.min(usualChars, most), language });
}
