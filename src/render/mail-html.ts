/**
 * An HTML tree as markup that mail clients show well: allowed elements only, styles inline, links absolute (rule: absolute-links),
 * pictures no wider than their column, code that wraps and wide tables as lines.
 */
import { toHtml } from 'hast-util-to-html';
import type { Html, HtmlElement, HtmlNode } from '../domain/html.js';
import { absoluteHref, pictureSrc } from './link.js';
import { cleanText } from './markup.js';

export interface MailHtmlOptions {
  /** CSS pixels there are for pictures. */
  readonly width: number;
  /** Inline style by element name; absent: no element has a style of its own. */
  readonly styles?: { readonly [tagName: string]: string };
}

const KEPT = new Set(
  (
    'p br hr em strong b i u s del ins sub sup small mark code kbd samp var pre blockquote ul ol li dl dt dd a ' +
    'table caption thead tbody tfoot tr th td cite q abbr time bdi bdo ruby rt rp wbr span div'
  ).split(' '),
);
const DROPPED = new Set(
  'script style template iframe object embed video audio source track svg math form button select textarea head title meta link base'.split(
    ' ',
  ),
);
const HEADING = /^h[1-6]$/;
/** More columns than this do not fit a phone. */
const MOST_COLUMNS = 4;

interface HastElement {
  readonly type: 'element';
  readonly tagName: string;
  readonly properties: { readonly [name: string]: string | number | boolean };
  readonly children: HastNode[];
}
type HastNode = HastElement | { readonly type: 'text'; readonly value: string };

/** The markup of a tree; empty for a tree that shows nothing. */
export function mailHtmlFrom(html: Html, options: MailHtmlOptions): string {
  return toHtml({ type: 'root', children: nodesFrom(html, options) }, { allowDangerousHtml: false, quote: '"' });
}

function nodesFrom(html: Html, options: MailHtmlOptions): HastNode[] {
  return html.flatMap((node) => nodeFrom(node, options));
}

function nodeFrom(node: HtmlNode, options: MailHtmlOptions): HastNode[] {
  if (node.type === 'text') return [{ type: 'text', value: cleanText(node.value) }];
  if (node.type !== 'element' || DROPPED.has(node.tagName)) return [];
  const { tagName, children } = node;
  switch (tagName) {
    case 'a':
      return linkFrom(node, options);
    case 'img':
      return pictureFrom(node, options);
    case 'input':
      return [{ type: 'text', value: node.properties.checked ? '☑ ' : '☐ ' }];
    case 'table':
      return columnsIn(node) > MOST_COLUMNS ? rowsAsLines(node, options) : [kept(node, options)];
    case 'figure':
      return [element('div', node, options, 'figure')];
    case 'figcaption':
      return [element('p', node, options, 'figcaption')];
    case 'summary':
      return [element('p', node, options, 'summary')];
    default:
      if (HEADING.test(tagName)) return [element('p', node, options, 'heading')];
      return KEPT.has(tagName) ? [kept(node, options)] : nodesFrom(children, options);
  }
}

function kept(node: HtmlElement, options: MailHtmlOptions): HastElement {
  return element(node.tagName, node, options, node.tagName);
}

/** @param style the name its style goes by in the theme */
function element(tagName: string, node: HtmlElement, options: MailHtmlOptions, style: string): HastElement {
  const properties = { ...keptProperties(node), ...styleOf(style, options) };
  return { type: 'element', tagName, properties, children: nodesFrom(node.children, options) };
}

function styleOf(name: string, options: MailHtmlOptions): { readonly style?: string } {
  const style = options.styles?.[name];
  return style === undefined || style === '' ? {} : { style };
}

/** Language and direction everywhere; what gives tables and lists their sense. Code always runs left to right. */
function keptProperties({ tagName, properties }: HtmlElement): HastElement['properties'] {
  const keptNames = ['lang', 'dir'];
  if (tagName === 'td' || tagName === 'th') keptNames.push('colSpan', 'rowSpan', 'align');
  if (tagName === 'ol') keptNames.push('start');
  if (tagName === 'abbr') keptNames.push('title');
  const entries = keptNames.flatMap((name) => {
    const value = properties[name];
    return value === undefined ? [] : [[name, typeof value === 'string' ? cleanText(value) : value] as const];
  });
  const isCode = tagName === 'pre' || tagName === 'code' || tagName === 'kbd' || tagName === 'samp';
  return { ...Object.fromEntries(entries), ...(isCode ? { dir: 'ltr' } : {}) };
}

/** A link; its plain content where the target is nothing a mail may point to. */
function linkFrom(node: HtmlElement, options: MailHtmlOptions): HastNode[] {
  const href = absoluteHref(node.properties.href);
  const children = nodesFrom(node.children, options);
  if (href === undefined || children.length === 0) return children;
  return [
    {
      type: 'element',
      tagName: 'a',
      properties: { href, ...keptProperties(node), ...styleOf('a', options) },
      children,
    },
  ];
}

function pictureFrom(node: HtmlElement, options: MailHtmlOptions): HastNode[] {
  const { src: given, alt, width, height } = node.properties;
  const src = pictureSrc(given);
  // Its alt text would be in the middle of a sentence.
  if (src === undefined) return [];
  const text = cleanText(typeof alt === 'string' ? alt : '');
  const size = fittedSize(Number(width), Number(height), options.width);
  const properties = { src, alt: text, ...size, ...pictureStyle(size.width, options) };
  return [{ type: 'element', tagName: 'img', properties, children: [] }];
}

function pictureStyle(width: number, { styles }: MailHtmlOptions): { readonly style?: string } {
  if (!styles) return {};
  const shape = width <= 48 ? 'vertical-align:middle;border:0' : shrinkingPicture(width);
  return { style: styles.img ? `${shape};${styles.img}` : shape };
}

/**
 * The style of a picture that is as wide as its container. A percentage of `max-width` alone is not enough: when pictures are
 * not loaded, a table reserves the whole width, and a phone shows half a mail. The size of letters is for the text in its place.
 */
export function shrinkingPicture(width: number): string {
  return `display:block;width:100%;max-width:${width}px;height:auto;border:0;font-size:14px;line-height:20px`;
}

/** A size that fits a width; without a known width the picture takes all there is. */
export function fittedSize(
  width: number | null,
  height: number | null,
  most: number,
): { readonly width: number; readonly height?: number } {
  if (width === null || !Number.isFinite(width) || width <= 0) return { width: most };
  const fitted = Math.min(Math.round(width), most);
  if (height === null || !Number.isFinite(height) || height <= 0) return { width: fitted };
  return { width: fitted, height: Math.max(1, Math.round((height * fitted) / width)) };
}

function rowsIn(table: HtmlElement): readonly HtmlElement[] {
  return table.children.flatMap((node) => {
    if (node.type !== 'element') return [];
    return node.tagName === 'tr' ? [node] : rowsIn(node);
  });
}

function cellsIn(row: HtmlElement): readonly HtmlElement[] {
  return row.children.filter((node): node is HtmlElement => node.type === 'element');
}

function columnsIn(table: HtmlElement): number {
  return Math.max(0, ...rowsIn(table).map((row) => cellsIn(row).length));
}

function rowsAsLines(table: HtmlElement, options: MailHtmlOptions): HastNode[] {
  return rowsIn(table).map((row) => {
    const children = cellsIn(row).flatMap((cell, index): HastNode[] => {
      const content = nodesFrom(cell.children, options);
      return index === 0 ? content : [{ type: 'text', value: ' · ' }, ...content];
    });
    return { type: 'element', tagName: 'p', properties: { ...styleOf('p', options) }, children };
  });
}
