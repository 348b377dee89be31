/** Finished HTML as a parser sees it: the links, pictures and headings of a mail, in document order. */
import type { Element, Nodes, Root } from 'hast';
import rehypeParse from 'rehype-parse';
import { unified } from 'unified';

export interface MarkupLink {
  /** As written; undefined for a link without a target. */
  readonly href: string | undefined;
  /** Its text, with the alt texts of its pictures. */
  readonly text: string;
}

export interface MarkupPicture {
  readonly src: string;
  /** Undefined where the attribute is missing. */
  readonly alt: string | undefined;
  /** CSS pixels; undefined where it is missing or no number. */
  readonly width: number | undefined;
  /** Decorative: no alt text is expected. */
  readonly isPresentation: boolean;
}

export interface MarkupHeading {
  readonly level: number;
  readonly text: string;
}

export interface MarkupRoot {
  readonly name: string;
  readonly language: string | undefined;
  readonly direction: string | undefined;
}

export interface MailMarkup {
  readonly links: readonly MarkupLink[];
  readonly pictures: readonly MarkupPicture[];
  readonly headings: readonly MarkupHeading[];
  /** `html` and the first element in `body`, where there are any: clients show the one or the other. */
  readonly roots: readonly MarkupRoot[];
  /** Every style sheet in it. */
  readonly styles: readonly string[];
  /** What is there to read. */
  readonly text: string;
}

const parser = unified().use(rehypeParse).freeze();
const SILENT = new Set(['head', 'style', 'script', 'template', 'title']);

/** Reads a whole page. Comments (for Outlook) are ignored. */
export function readMarkup(html: string): MailMarkup {
  const tree = parser.parse(html);
  const elements = [...elementsIn(tree)];
  const named = (name: string) => elements.filter(({ tagName }) => tagName === name);
  const body = named('body')[0];
  return {
    links: elements
      .filter(({ tagName }) => tagName === 'a' || tagName === 'area')
      .map((element) => ({ href: attribute(element, 'href'), text: collapsed(wordsIn(element)) })),
    pictures: named('img').map((element) => ({
      src: attribute(element, 'src') ?? '',
      alt: attribute(element, 'alt'),
      width: numberFrom(attribute(element, 'width')),
      isPresentation: attribute(element, 'role') === 'presentation',
    })),
    headings: elements
      .filter(({ tagName }) => /^h[1-6]$/.test(tagName))
      .map((element) => ({ level: Number(element.tagName[1]), text: collapsed(wordsIn(element)) })),
    roots: [named('html')[0], body && firstElement(body)].flatMap((root) => (root ? [rootFrom(root)] : [])),
    styles: named('style').map(rawText),
    text: body ? collapsed(wordsIn(body)) : '',
  };
}

function rootFrom(element: Element): MarkupRoot {
  return {
    name: element.tagName === 'html' ? 'html' : 'the first element in body',
    language: attribute(element, 'lang'),
    direction: attribute(element, 'dir'),
  };
}

function* elementsIn(node: Root | Element): Iterable<Element> {
  for (const child of node.children) {
    if (child.type !== 'element') continue;
    yield child;
    yield* elementsIn(child);
  }
}

function firstElement({ children }: Element): Element | undefined {
  return children.find((child): child is Element => child.type === 'element');
}

function attribute({ properties }: Element, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === null || value === false) return undefined;
  return Array.isArray(value) ? value.join(' ') : String(value);
}

function numberFrom(value: string | undefined): number | undefined {
  const number = Number.parseFloat(value ?? '');
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

function wordsIn(node: Nodes): string {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element' && node.type !== 'root') return '';
  if (node.type === 'element') {
    if (SILENT.has(node.tagName)) return '';
    if (node.tagName === 'img') return ` ${attribute(node, 'alt') ?? ''} `;
    if (node.tagName === 'br') return ' ';
  }
  return node.children.map(wordsIn).join('');
}

function rawText({ children }: Element): string {
  return children.map((child) => (child.type === 'text' ? child.value : '')).join('');
}

function collapsed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
