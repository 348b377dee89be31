/**
 * Rebuilds a sanitised tree as `Html`: plain JSON, only blocks at the top, absolute targets, no empty elements,
 * no template expression outside code (rule: absolute-links), and at most one mark where the introduction ends.
 */
import type { Element, Root, RootContent } from 'hast';
import type { Html, HtmlElement, HtmlNode, MoreMark } from '../domain/html.js';
import { isEmoji } from '../domain/picture.js';
import { absoluteLink } from './absolute-url.js';
import { pictureAddress } from './picture-address.js';
import { literalText, proseText } from './template-marks.js';

const PLAINER: { readonly [tagName: string]: string } = {
  ...{ b: 'strong', i: 'em', s: 'del', strike: 'del', tt: 'code', samp: 'code', var: 'em', cite: 'em', dfn: 'em' },
  summary: 'p',
};
const WRAPPERS = new Set('div section article main header footer aside nav center address details form'.split(' '));
const BLOCKS = new Set(
  'p hr blockquote pre figure figcaption h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr'.split(
    ' ',
  ),
);
/** Parents in which text between the children is only layout. */
const NO_TEXT = new Set(['ul', 'ol', 'dl', 'table', 'thead', 'tbody', 'tfoot', 'tr']);
const MAY_BE_EMPTY = new Set(['br', 'hr', 'img', 'td', 'th', 'tr']);
const WHOLE_NUMBERS = new Set(['width', 'height', 'start', 'colSpan', 'rowSpan']);
/** Addresses, which are made absolute by themselves. */
const NOT_KEPT = /^(?:href|src|srcSet|data[A-Z].*)$/;
const MORE = /^\s*(?:more|truncate|excerpt)\s*$/i;

interface Scope {
  readonly base: string | undefined;
  /** Inside code. */
  readonly literal: boolean;
  /** One object for the whole tree. */
  readonly seen: { more: boolean };
}

/** Rebuilds the whole tree. @param base what relative targets are relative to */
export function htmlFromHast(root: Root, base: string | undefined): Html {
  return flow(nodesFrom(root.children, { base, literal: false, seen: { more: false } }));
}

/** Whether there is anything a reader would see. */
export function isVisible(node: HtmlNode): boolean {
  if (node.type === 'text') return /\S/.test(node.value);
  if (node.type === 'comment') return false;
  return node.tagName === 'img' || node.tagName === 'hr' || node.children.some(isVisible);
}

/** Whether a node is part of a line of text rather than between paragraphs. */
export function isPhrasing(node: HtmlNode): boolean {
  if (node.type === 'element') return !BLOCKS.has(node.tagName);
  return node.type === 'text';
}

function nodesFrom(children: readonly RootContent[], scope: Scope): HtmlNode[] {
  const nodes: HtmlNode[] = [];
  for (const child of children) {
    if (child.type === 'text') addText(nodes, child.value);
    else if (child.type === 'element') for (const node of elementFrom(child, scope)) nodes.push(node);
    else if (child.type === 'comment' && MORE.test(child.value) && !scope.seen.more) {
      scope.seen.more = true;
      nodes.push({ type: 'comment', value: 'more' });
    }
  }
  return nodes.flatMap((node) => (node.type === 'text' ? textFrom(node.value, scope.literal) : [node]));
}

/** Neighbouring texts are one, so that no template can hide in two. */
function addText(nodes: HtmlNode[], value: string): void {
  const last = nodes.at(-1);
  if (last?.type === 'text') nodes[nodes.length - 1] = { type: 'text', value: last.value + value };
  else nodes.push({ type: 'text', value });
}

function textFrom(value: string, literal: boolean): HtmlNode[] {
  const text = literal ? literalText(value) : proseText(value);
  return text === '' ? [] : [{ type: 'text', value: text }];
}

function elementFrom(element: Element, scope: Scope): readonly HtmlNode[] {
  const tagName = PLAINER[element.tagName] ?? element.tagName;
  if (tagName === 'img') return imageFrom(element, scope);
  if (tagName === 'picture') return picturesFrom(element, scope);
  if (tagName === 'source') return [];
  const literal = scope.literal || tagName === 'code' || tagName === 'pre';
  const inside = nodesFrom(element.children, { ...scope, literal });
  if (WRAPPERS.has(tagName)) return flow(inside);
  if (tagName === 'a') return linkFrom(element, inline(inside), scope);
  const children = contentOf(tagName, inside);
  if (!MAY_BE_EMPTY.has(tagName) && !children.some(isVisible)) return marksOf(children);
  return [{ type: 'element', tagName, properties: propertiesOf(element), children }];
}

function contentOf(tagName: string, inside: readonly HtmlNode[]): readonly HtmlNode[] {
  if (NO_TEXT.has(tagName)) return inside.filter((node) => node.type !== 'text' || isVisible(node));
  if (tagName === 'blockquote') return flow(inside);
  if (tagName === 'p' || /^h\d$/.test(tagName)) return inline(inside);
  if (inside.every(isPhrasing)) return inside;
  return inside.filter((node) => node.type !== 'text' || isVisible(node));
}

function linkFrom(element: Element, children: readonly HtmlNode[], scope: Scope): readonly HtmlNode[] {
  const href = absoluteLink(String(element.properties.href ?? ''), scope.base);
  if (href === undefined) return children;
  if (!children.some(isVisible)) return marksOf(children);
  return [{ type: 'element', tagName: 'a', properties: { ...propertiesOf(element), href }, children }];
}

/** The image of a `picture`, which offers it in several kinds. */
function picturesFrom({ children }: Element, scope: Scope): readonly HtmlNode[] {
  const elements = children.filter((child) => child.type === 'element');
  const sources = elements.filter(({ tagName }) => tagName === 'source');
  return elements.filter(({ tagName }) => tagName === 'img').flatMap((image) => imageFrom(image, scope, sources));
}

function imageFrom(element: Element, scope: Scope, sources: readonly Element[] = []): readonly HtmlNode[] {
  const properties = propertiesOf(element);
  const alt = String(properties.alt ?? '');
  const src = pictureAddress(element, sources, scope.base);
  // Alt text would read like part of the sentence around it.
  if (src === undefined) return isEmoji(alt) ? textFrom(alt, true) : [];
  return [{ type: 'element', tagName: 'img', properties: { ...properties, src, alt }, children: [] }];
}

function propertiesOf(element: Element): HtmlElement['properties'] {
  const properties: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(element.properties)) {
    if (NOT_KEPT.test(name) || value === null || value === undefined || Array.isArray(value)) continue;
    if (WHOLE_NUMBERS.has(name)) {
      if (/^\d{1,5}(?:px)?$/.test(String(value))) properties[name] = Number.parseInt(String(value), 10);
    } else properties[name] = typeof value === 'string' ? proseText(value) : value;
  }
  return properties;
}

function marksOf(nodes: readonly HtmlNode[]): MoreMark[] {
  return nodes.flatMap((node) =>
    node.type === 'element' ? marksOf(node.children) : node.type === 'comment' ? [node] : [],
  );
}

/** Blocks only: text between them becomes paragraphs. */
function flow(nodes: readonly HtmlNode[]): HtmlNode[] {
  const blocks: HtmlNode[] = [];
  let loose: HtmlNode[] = [];
  const close = () => {
    if (loose.some(isVisible)) blocks.push({ type: 'element', tagName: 'p', properties: {}, children: trimmed(loose) });
    loose = [];
  };
  for (const node of nodes) {
    if (isPhrasing(node)) loose.push(node);
    else {
      close();
      blocks.push(node);
    }
  }
  close();
  return blocks;
}

/** A line of text only: blocks inside it give up their walls. */
function inline(nodes: readonly HtmlNode[]): HtmlNode[] {
  return nodes.flatMap((node) =>
    node.type === 'element' && BLOCKS.has(node.tagName) ? inline(node.children) : [node],
  );
}

/** A line of text without white space at its ends. */
export function trimmed(nodes: readonly HtmlNode[]): Html {
  return nodes.flatMap((node, index): readonly HtmlNode[] => {
    if (node.type !== 'text') return [node];
    const start = index === 0 ? node.value.trimStart() : node.value;
    const value = index === nodes.length - 1 ? start.trimEnd() : start;
    return value === '' ? [] : [{ type: 'text', value }];
  });
}
