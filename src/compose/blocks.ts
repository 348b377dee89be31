/** The blocks of a body in order, each with what an excerpt has to know of it. Pure. */
import type { Html, HtmlElement, HtmlNode } from '../domain/html.js';
import { textOf } from '../domain/html.js';
import { isEmoji } from '../domain/picture.js';
import { captionIn } from './caption.js';

export type BlockKind = 'text' | 'heading' | 'list' | 'code' | 'table' | 'picture' | 'rule';

export interface Block {
  readonly kind: BlockKind;
  readonly element: HtmlElement;
  /** Its text; empty for pictures and rules. */
  readonly text: string;
  /** What the source says below a picture. */
  readonly caption?: Html;
}

const KINDS: { readonly [tagName: string]: BlockKind } = {
  ...{ h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading', h6: 'heading' },
  ...{ p: 'text', blockquote: 'text', dl: 'text', address: 'text', ul: 'list', ol: 'list' },
  ...{ pre: 'code', table: 'table', hr: 'rule', img: 'picture', picture: 'picture' },
};
const UNWRAPPED: ReadonlySet<string> = new Set(['div', 'section', 'article', 'center', 'details', 'main', 'header']);

/** Every block that shows something. Pictures in a line of text are left out, emoji apart; loose text becomes a paragraph. */
export function blocksOf(html: Html): readonly Block[] {
  const blocks: Block[] = [];
  let loose: HtmlNode[] = [];
  const endLoose = () => {
    if (hasWords(loose)) blocks.push(...blockFrom(paragraph(loose)));
    loose = [];
  };
  for (const node of html) {
    const isBlock = node.type === 'element' && (isWrapper(node) || node.tagName in KINDS || node.tagName === 'figure');
    if (!isBlock) {
      loose.push(node);
      continue;
    }
    endLoose();
    if (isWrapper(node)) for (const block of blocksOf(node.children)) blocks.push(block);
    else for (const block of blockFrom(node)) blocks.push(block);
  }
  endLoose();
  return withCaptions(blocks);
}

/** A paragraph below a picture that is its caption belongs to it. */
function withCaptions(blocks: readonly Block[]): Block[] {
  const captionOf = (index: number) => {
    const [block, next] = blocks.slice(index, index + 2);
    const isBare = block?.kind === 'picture' && block.element.tagName !== 'figure';
    return isBare && next?.kind === 'text' && !isMediaLink(next) ? captionIn(next.element, next.text) : undefined;
  };
  return blocks.flatMap((block, index) => {
    const caption = captionOf(index);
    if (caption) return [{ ...block, caption }];
    return index > 0 && captionOf(index - 1) ? [] : [block];
  });
}

/** A figure without a picture holds a quote, a table or code. */
function isWrapper(node: HtmlElement): boolean {
  return UNWRAPPED.has(node.tagName) || (node.tagName === 'figure' && !hasPicture(node));
}

function blockFrom(element: HtmlElement): readonly Block[] {
  const isPicture = element.tagName === 'figure' || (hasPicture(element) && !hasWords([element]));
  const kind = isPicture ? 'picture' : (KINDS[element.tagName] ?? 'text');
  if (kind === 'picture' || kind === 'rule') return [{ kind, element, text: '' }];
  const shown = withoutPictures(element);
  const text = textOf([shown]);
  if (!hasWords([shown])) return [];
  if (!/[\p{L}\p{N}\p{So}]/u.test(text) && kind === 'text') return [{ kind: 'rule', element, text: '' }];
  return [{ kind: kind === 'text' && isBoldLine(shown, text) ? 'heading' : kind, element: shown, text }];
}

/** A short line that is bold from end to end is a heading, whatever its element. */
function isBoldLine({ tagName, children }: HtmlElement, text: string): boolean {
  const shown = children.filter((node) => node.type !== 'text' || node.value.trim() !== '');
  const [only] = shown;
  const isBold = tagName === 'p' && shown.length === 1 && only?.type === 'element' && only.tagName === 'strong';
  return isBold && text.length <= 80 && !/[.!?…。！？:：]["'”’)\]]?\s*$/u.test(text);
}

/** White space that a reader sees as one space and a mail would carry in full. */
const LONG_SPACE = /\s{3,}/g;

function withoutPictures(element: HtmlElement): HtmlElement {
  const isVerbatim = element.tagName === 'pre' || element.tagName === 'code';
  const children = element.children.flatMap((node): Html => {
    if (node.type === 'text') return [isVerbatim ? node : { ...node, value: node.value.replace(LONG_SPACE, ' ') }];
    if (node.type !== 'element') return [];
    if (node.tagName === 'img') return emojiOf(node);
    if (node.tagName === 'figure' && hasPicture(node)) return [];
    const inside = withoutPictures(node);
    return inside.children.length === 0 && node.children.length > 0 ? [] : [inside];
  });
  return { ...element, children };
}

/** Some programs put a picture in the place of each emoji. */
function emojiOf({ properties }: HtmlElement): Html {
  const alt = String(properties.alt ?? '');
  return isEmoji(alt) ? [{ type: 'text', value: alt }] : [];
}

function hasPicture({ children }: HtmlElement): boolean {
  return children.some((node) => node.type === 'element' && (node.tagName === 'img' || hasPicture(node)));
}

/** Whether a block is the link in the place of a video or a sound, as sources write it. */
export function isMediaLink({ kind, text }: Block): boolean {
  return kind === 'text' && text.startsWith('▶ ');
}

export function hasWords(html: Html): boolean {
  return /[\p{L}\p{N}\p{S}\p{P}]/u.test(textOf(html));
}

export function paragraph(children: Html): HtmlElement {
  return { type: 'element', tagName: 'p', properties: {}, children };
}

/** A heading as an excerpt shows it. */
export function asBoldLine({ element }: Block): HtmlElement {
  return paragraph([{ ...element, tagName: 'strong', properties: {} }]);
}
