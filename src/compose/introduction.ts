/** The introduction of a post: what its author wrote before the more mark, shown whole. Pure. */
import type { Html, HtmlElement } from '../domain/html.js';
import { asBoldLine, type Block, hasWords } from './blocks.js';
import { widthUpTo } from './cut-html.js';
import { isDecoration } from './decoration.js';
import { pictureIn } from './figure.js';

/** The body up to the more mark, wherever it is; the whole body where there is none, or no text before it. */
export function introductionOf(body: Html): { readonly before: Html; readonly isMarked: boolean } {
  const split = splitAtMark(body);
  if (!split) return { before: body, isMarked: false };
  const isMarked = hasWords(split.before);
  return { before: isMarked ? split.before : [...split.before, ...split.after], isMarked };
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

/** Pictures stay between the paragraphs, but for the one that is shown separately. */
export interface PicturesInPlace {
  readonly without: string | undefined;
}

/** The blocks before the first text. */
export function beforeText(blocks: readonly Block[]): readonly Block[] {
  const first = blocks.findIndex(({ kind }) => kind !== 'picture' && kind !== 'rule' && kind !== 'heading');
  return first < 0 ? blocks : blocks.slice(0, first);
}

/** Every paragraph of an introduction; `undefined` when they take more than `most` columns. */
export function wholeIntroduction(
  blocks: readonly Block[],
  most: number,
  pictures: PicturesInPlace | undefined,
): Html | undefined {
  let left = most;
  const html: HtmlElement[] = [];
  for (const block of blocks) {
    left -= widthUpTo(block.text, left);
    if (left < 0) return undefined;
    if (block.kind === 'heading') html.push(asBoldLine(block));
    else if (block.kind === 'picture') html.push(...figureIn(block, pictures));
    else if (block.kind !== 'rule') html.push(block.element);
  }
  return html;
}

function figureIn(block: Block, pictures: PicturesInPlace | undefined): readonly HtmlElement[] {
  const picture = pictureIn(block);
  if (!pictures || !picture || picture.src === pictures.without || isDecoration(picture)) return [];
  const { src, alt, width, height } = picture;
  const properties = { src, alt, ...(width && { width }), ...(height && { height }) };
  const image: HtmlElement = { type: 'element', tagName: 'img', properties, children: [] };
  const words = picture.caption;
  const below: Html = words ? [{ type: 'element', tagName: 'figcaption', properties: {}, children: words }] : [];
  return [{ type: 'element', tagName: 'figure', properties: {}, children: [image, ...below] }];
}
