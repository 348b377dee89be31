/**
 * Makes the short text an edition shows of a post. The rules:
 *
 * 1. The author's summary; else the introduction up to the more mark; else the first words of the body.
 * 2. A cut falls behind a sentence where one ends late enough, else behind a word, and then shows `…`; never inside
 *    a grapheme, a word, a link or a run of code. What is cut is closed again.
 * 3. The leading figure is taken out of the text and shown separately; other pictures are dropped.
 * 4. A heading inside an introduction is a bold line; without a mark, the excerpt ends before the first heading,
 *    table or code block that follows text.
 */
import type { Html, HtmlElement, HtmlNode } from '../domain/html.js';
import { textOf } from '../domain/html.js';
import type { Picture } from '../domain/post.js';
import { cutHtml, widthUpTo } from './cut-html.js';
import { takeFigure } from './figure.js';

export interface ExcerptInput {
  readonly body: Html;
  readonly summary?: Html;
  /** The picture named in front matter; wins over one in the body. */
  readonly image?: Picture;
  readonly language: string;
  /** The longest excerpt that is not the author's own choice, in columns: a wide character counts two. */
  readonly usualChars: number;
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
  const { before, marked } = introductionOf(input.body);
  const { figure, rest } = takeFigure(before, marked);
  const shown = input.image ?? figure;
  const blocks = textBlocks(rest);
  const { html, isCut } = input.summary ? fromSummary(input, input.summary) : fromBlocks(blocks, marked, input);
  const continues = input.summary ? hasWords(input.body) : isCut || marked !== undefined;
  return { html, continues, ...(shown && { figure: shown }) };
}

/** More columns than any mail can hold bytes: what is longer would be cut by the next step of the clip ladder all the same. */
const LONGEST = 95_000;

interface Cut {
  readonly html: Html;
  readonly isCut: boolean;
}

function fromSummary({ language, mostChars }: ExcerptInput, summary: Html): Cut {
  return cutBlocks([paragraph(summary)], language, mostChars ?? LONGEST);
}

function fromBlocks(blocks: readonly HtmlElement[], marked: Html | undefined, input: ExcerptInput): Cut {
  const most = input.mostChars ?? LONGEST;
  if (marked) return cutBlocks(blocks.map(withoutHeading), input.language, most);
  const first = blocks.findIndex((block) => !HEADINGS.has(block.tagName));
  const start = first < 0 ? [] : blocks.slice(first);
  const end = start.findIndex((block, index) => index > 0 && ENDS_OPENING.has(block.tagName));
  const opening = end < 0 ? start : start.slice(0, end);
  const cut = cutBlocks(opening, input.language, Math.min(input.usualChars, most));
  return { html: cut.html, isCut: cut.isCut || opening.length < start.length };
}

const HEADINGS: ReadonlySet<string> = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const ENDS_OPENING: ReadonlySet<string> = new Set([...HEADINGS, 'table', 'pre', 'hr']);
/** Blocks that are shown whole or not at all. */
const WHOLE_BLOCKS: ReadonlySet<string> = new Set(['table', 'pre']);

/** Takes blocks while they fit, and cuts the one that does not; a table or code block that does not fit is passed over. */
function cutBlocks(blocks: readonly HtmlElement[], language: string, columns: number): Cut {
  const html: HtmlNode[] = [];
  let left = columns;
  let isCut = false;
  for (const block of blocks) {
    const width = widthUpTo(textOf([block]), left);
    if (width <= left) {
      html.push(block);
      left -= width;
      continue;
    }
    isCut = true;
    if (WHOLE_BLOCKS.has(block.tagName) && html.length === 0) continue;
    // A stub of a further paragraph says less than an excerpt that ends with a whole one.
    if (html.length === 0 || (left > columns / 3 && !WHOLE_BLOCKS.has(block.tagName))) {
      for (const node of cutHtml([block], left, language)) html.push(node);
    }
    break;
  }
  return { html, isCut };
}

/** The body up to the more mark, wherever it is, and what follows it; `marked` is absent when there is none. */
function introductionOf(body: Html): { readonly before: Html; readonly marked?: Html } {
  const split = splitAtMark(body);
  return split && hasWords(split.before)
    ? { before: split.before, marked: split.after }
    : { before: split ? [...split.before, ...split.after] : body };
}

function splitAtMark(html: Html): { readonly before: Html; readonly after: Html } | undefined {
  for (const [index, node] of html.entries()) {
    if (node.type === 'comment') return { before: html.slice(0, index), after: html.slice(index + 1) };
    if (node.type !== 'element') continue;
    const inside = splitAtMark(node.children);
    if (!inside) continue;
    const head = inside.before.length > 0 ? [{ ...node, children: inside.before }] : [];
    const tail = inside.after.length > 0 ? [{ ...node, children: inside.after }] : [];
    return { before: [...html.slice(0, index), ...head], after: [...tail, ...html.slice(index + 1)] };
  }
  return undefined;
}

/** The blocks with text, without pictures and rules; loose text becomes a paragraph. */
function textBlocks(html: Html): readonly HtmlElement[] {
  const blocks: HtmlElement[] = [];
  let loose: HtmlNode[] = [];
  const endLoose = () => {
    if (hasWords(loose)) blocks.push(paragraph(loose));
    loose = [];
  };
  for (const node of withoutPictures(html)) {
    if (node.type === 'element' && BLOCKS.has(node.tagName)) {
      endLoose();
      if (UNWRAPPED.has(node.tagName)) for (const block of textBlocks(node.children)) blocks.push(block);
      else if (hasWords([node])) blocks.push(node);
    } else loose.push(node);
  }
  endLoose();
  return blocks;
}

const UNWRAPPED: ReadonlySet<string> = new Set(['div', 'section', 'article', 'center', 'details', 'main', 'header']);
const BLOCKS: ReadonlySet<string> = new Set([
  ...HEADINGS,
  ...UNWRAPPED,
  ...['p', 'ul', 'ol', 'dl', 'blockquote', 'pre', 'table', 'figure', 'hr', 'address'],
]);

function withoutPictures(html: Html): Html {
  return html.flatMap((node): Html => {
    if (node.type !== 'element') return node.type === 'text' ? [node] : [];
    if (PICTURES.has(node.tagName)) return [];
    const children = withoutPictures(node.children);
    const isEmptied = children.length === 0 && node.children.length > 0;
    return isEmptied ? [] : [{ ...node, children }];
  });
}

const PICTURES: ReadonlySet<string> = new Set(['img', 'figure', 'picture', 'hr']);

function withoutHeading(block: HtmlElement): HtmlElement {
  return HEADINGS.has(block.tagName) ? paragraph([{ ...block, tagName: 'strong', properties: {} }]) : block;
}

function paragraph(children: Html): HtmlElement {
  return { type: 'element', tagName: 'p', properties: {}, children };
}

function hasWords(html: Html): boolean {
  return /[\p{L}\p{N}\p{S}\p{P}]/u.test(textOf(html));
}
