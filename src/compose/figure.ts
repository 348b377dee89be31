/** Finds the leading figure of a post: the picture an edition shows beside its excerpt. */
import type { Html, HtmlElement, HtmlNode } from '../domain/html.js';
import { textOf } from '../domain/html.js';
import type { Picture } from '../domain/post.js';

/** How many blocks of text may come before a leading picture. */
const WORDS_BEFORE = 1;

/**
 * Takes the leading figure out of a body: a figure, or a paragraph that is a picture alone. In an introduction that the
 * author marked off, it may be anywhere; otherwise at most one paragraph comes before it.
 */
export function takeFigure(body: Html, marked: Html | undefined): { readonly figure?: Picture; readonly rest: Html } {
  let words = 0;
  for (const [index, node] of body.entries()) {
    const figure = pictureOf(node);
    if (figure) return { figure, rest: [...body.slice(0, index), ...body.slice(index + 1)] };
    if (node.type === 'element' && textOf([node]).trim() !== '') words += 1;
    if (!marked && words > WORDS_BEFORE) break;
  }
  return { rest: body };
}

function pictureOf(node: HtmlNode): Picture | undefined {
  if (node.type !== 'element' || !['figure', 'p', 'img', 'a', 'div'].includes(node.tagName)) return undefined;
  const image = findElement([node], 'img');
  if (!image) return undefined;
  const caption = findElement([node], 'figcaption');
  const isPictureAlone = node.tagName === 'figure' || textOf([node]).trim() === '';
  if (!isPictureAlone) return undefined;
  const { src, alt, width, height } = image.properties;
  if (typeof src !== 'string') return undefined;
  return {
    src,
    alt: typeof alt === 'string' ? alt : '',
    ...(caption && textOf([caption]).trim() !== '' && { caption: trimmed(caption.children) }),
    ...pixels('width', width),
    ...pixels('height', height),
  };
}

function pixels<Name extends string>(name: Name, value: unknown): { readonly [name in Name]?: number } {
  const number = Number(value);
  const known = Number.isInteger(number) && number > 0 ? { [name]: number } : {};
  return known as { readonly [name in Name]?: number };
}

/** Captions are shown on one line of their own: a caption that is one paragraph loses it. */
function trimmed(html: Html): Html {
  const nodes = html.filter((node) => node.type !== 'text' || node.value.trim() !== '');
  const [only] = nodes;
  return nodes.length === 1 && only?.type === 'element' && only.tagName === 'p' ? only.children : html;
}

function findElement(html: Html, tagName: string): HtmlElement | undefined {
  for (const node of html) {
    if (node.type !== 'element') continue;
    const found = node.tagName === tagName ? node : findElement(node.children, tagName);
    if (found) return found;
  }
  return undefined;
}
