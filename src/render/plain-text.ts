/** An HTML tree as handsome plain text: paragraphs wrapped, lists and quotations marked, links written out (RFC 3676). */
import type { Html, HtmlElement, HtmlNode } from '../domain/html.js';
import { absoluteHref } from './link.js';
import { cleanText } from './markup.js';
import { wrapText } from './wrap-text.js';

export interface PlainOptions {
  readonly width: number;
}

interface Block {
  readonly lines: readonly string[];
  /** Set close to the block before it: items of one list. */
  readonly tight: boolean;
}

const BLOCKS = new Set(
  'p div pre blockquote ul ol li dl dt dd table figure figcaption hr details summary h1 h2 h3 h4 h5 h6'.split(' '),
);
const SILENT = new Set(['script', 'style', 'template', 'iframe', 'video', 'audio', 'svg', 'math', 'rt', 'rp']);

/** The text, without a line end at its end; empty for a tree without text. */
export function plainTextFrom(html: Html, { width }: PlainOptions): string {
  return joined(blocksOf(html, width)).join('\n');
}

function joined(blocks: readonly Block[]): readonly string[] {
  const lines: string[] = [];
  for (const block of blocks) {
    if (block.lines.length === 0) continue;
    if (lines.length > 0 && !block.tight) lines.push('');
    for (const line of block.lines) lines.push(line);
  }
  return lines;
}

/** Runs of inline nodes become paragraphs; block elements speak for themselves. */
function blocksOf(html: Html, width: number): readonly Block[] {
  const blocks: Block[] = [];
  let inline: HtmlNode[] = [];
  const flush = (): void => {
    blocks.push({ lines: paragraph(inlineText(inline), width), tight: false });
    inline = [];
  };
  for (const node of html) {
    if (node.type !== 'element' || !BLOCKS.has(node.tagName)) {
      inline.push(node);
      continue;
    }
    flush();
    for (const block of elementBlocks(node, width)) blocks.push(block);
  }
  flush();
  return blocks;
}

function paragraph(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapText(line, { width }));
}

function elementBlocks(element: HtmlElement, width: number): readonly Block[] {
  const { tagName, children } = element;
  switch (tagName) {
    case 'pre':
      return [{ lines: verbatim(children), tight: false }];
    case 'hr':
      return [{ lines: ['* * *'], tight: false }];
    case 'blockquote':
      return [{ lines: indented(joined(blocksOf(children, width - 2)), '> ', '> '), tight: false }];
    case 'ul':
    case 'ol':
      return listBlocks(element, width);
    case 'dd':
      return [{ lines: indented(joined(blocksOf(children, width - 4)), '    ', '    '), tight: true }];
    case 'table':
      return [{ lines: rowsOf(children).flatMap((row) => paragraph(row, width)), tight: false }];
    default:
      return blocksOf(children, width);
  }
}

function listBlocks(list: HtmlElement, width: number): readonly Block[] {
  const items = list.children.filter((node): node is HtmlElement => node.type === 'element' && node.tagName === 'li');
  const start = Number(list.properties.start ?? 1);
  return items.map((item, index) => {
    const mark = list.tagName === 'ol' ? `${start + index}. ` : '- ';
    const lines = joined(blocksOf(item.children, width - mark.length));
    return { lines: indented(lines, mark, ' '.repeat(mark.length)), tight: index > 0 };
  });
}

function indented(lines: readonly string[], first: string, rest: string): readonly string[] {
  return lines.map((line, index) => ((index === 0 ? first : rest) + line).trimEnd());
}

function verbatim(html: Html): readonly string[] {
  const text = cleanText(rawText(html)).trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => `    ${line}`.trimEnd());
}

function rawText(html: Html): string {
  return html
    .map((node) => (node.type === 'text' ? node.value : node.type === 'element' ? rawText(node.children) : ''))
    .join('');
}

function rowsOf(html: Html): readonly string[] {
  return html.flatMap((node) => {
    if (node.type !== 'element') return [];
    if (node.tagName !== 'tr') return rowsOf(node.children);
    const cells = node.children.filter((cell): cell is HtmlElement => cell.type === 'element');
    return [cells.map((cell) => inlineText(cell.children)).join(' | ')];
  });
}

/** The text of one paragraph; line breaks are kept. */
export function inlineText(html: Html): string {
  return cleanText(words(html))
    .replace(/[ \t\r\f]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

function words(html: Html): string {
  let text = '';
  for (const node of html) {
    if (node.type === 'text') text += node.value.replace(/\s+/g, ' ');
    else if (node.type === 'element') text += elementWords(node);
  }
  return text;
}

function elementWords(element: HtmlElement): string {
  const { tagName, properties, children } = element;
  if (SILENT.has(tagName)) return '';
  if (tagName === 'br') return '\n';
  if (tagName === 'img') return properties.alt ? `[${properties.alt}]` : '';
  if (tagName === 'input') return properties.checked ? '☑ ' : '☐ ';
  const inner = words(children);
  const href = tagName === 'a' ? absoluteHref(properties.href) : undefined;
  if (href === undefined) return BLOCKS.has(tagName) ? ` ${inner} ` : inner;
  const bare = href.replace(/^mailto:/, '');
  return inner.trim() === '' || inner.trim() === bare ? `<${bare}>` : `${inner} <${bare}>`;
}
