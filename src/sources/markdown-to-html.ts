/** Markdown as its author wrote it → clean `Html`. What a mail cannot show degrades to plain text. */
import type { Element, ElementContent, Root as HastRoot } from 'hast';
import type { Nodes, Paragraph, Root, RootContent } from 'mdast';
import { type Html, textOf } from '../domain/html.js';
import { trimEndOf } from '../domain/trim.js';
import type { SmartPunctuation } from './dialects/index.js';
import { isMedia, linkFromMedia } from './embedded-media.js';
import { withFormulasAsCode } from './formulas.js';
import { isPhrasing, trimmed } from './html-from-hast.js';
import { hastFromMarkdown, isDeeperThan, parseMarkdown, withSmartPunctuation } from './markdown-processor.js';
import { withoutMdx } from './mdx.js';
import { isPlainLine } from './plain-line.js';
import { sanitizeHtml } from './sanitize-html.js';
import { withoutTemplates } from './template-languages.js';
import { BRACE, GONE } from './template-marks.js';
import { linkTo, type TemplateContext } from './template-values.js';
import { isStackOverflow } from './trouble.js';

/** No reader follows a quote in a quote in … this deep, and the call stack would not either. */
const DEEPEST = 100;

export type MarkdownResult =
  | {
      readonly kind: 'html';
      readonly html: Html;
      /** What the post refers to and `links` does not have. */
      readonly references?: readonly string[];
    }
  /** Nested too deeply; `line` within the Markdown, where it is known. */
  | { readonly kind: 'too-deep'; readonly line: number };

export interface MarkdownOptions {
  /** What relative links and images are relative to. */
  readonly base: string | undefined;
  readonly mdx?: boolean;
  /** The address of the site the post is on. */
  readonly site?: string;
  /** Texts of the site that templates call by name. */
  readonly values?: { readonly [name: string]: string } | undefined;
  /** Addresses of other posts, by the references that mean them. */
  readonly links?: { readonly [reference: string]: string };
  /** Whether `:tada:` is an emoji. */
  readonly hasEmojiCodes?: boolean;
  /** What becomes of straight quotes and hyphens. */
  readonly smartPunctuation?: SmartPunctuation;
}

/** A post's body: template languages out, footnotes dropped (an edition never shows them), all targets absolute. */
export function htmlFromMarkdown(markdown: string, options: MarkdownOptions): MarkdownResult {
  const line = tooDeepLine(markdown);
  if (line !== undefined) return { kind: 'too-deep', line };
  try {
    const { base, site, values, links = {}, mdx, hasEmojiCodes, smartPunctuation } = options;
    const context: TemplateContext = { site, base, values, links, wanted: new Set() };
    const literal = withFormulasAsCode(markdown);
    const prose = withoutTemplates(mdx === true ? withoutMdx(literal) : literal, context);
    const result = parsed(prose, base, { context, hasEmojiCodes, smartPunctuation });
    const references = [...context.wanted];
    return result.kind === 'html' && references.length > 0 ? { ...result, references } : result;
  } catch (error) {
    // The parsers descend by recursion: a tree too deep for them is too deep for us.
    if (isStackOverflow(error)) return { kind: 'too-deep', line: 1 };
    throw error;
  }
}

const TARGET = /\]\(([^()\n]*)\)/g;

/**
 * Markdown of front matter (a summary, a caption) as one line of inline `Html`, without pictures.
 * No site generator evaluates templates there, so braces are text; but not in the target of a link.
 */
export function inlineHtmlFromMarkdown(markdown: string, base: string | undefined): Html {
  const plain: Html = [{ type: 'text', value: markdown }];
  if (isPlainLine(markdown) || tooDeepLine(markdown) !== undefined) return plain;
  const result = parsed(withTextBraces(markdown), base);
  return result.kind === 'html' ? trimmed(inlineOf(result.html)) : plain;
}

/** What an editor writes into a mail: no site generator ever sees it, so braces are text. Its targets are absolute. */
export function htmlFromEditor(markdown: string): MarkdownResult {
  const line = tooDeepLine(markdown);
  return line === undefined ? parsed(withTextBraces(markdown), undefined) : { kind: 'too-deep', line };
}

function withTextBraces(markdown: string): string {
  const targets = markdown.replace(TARGET, (whole, target: string) => (/\{[{%]/.test(target) ? `](${GONE})` : whole));
  return targets.replace(/\{(?=[{%])/g, BRACE);
}

interface ParseOptions {
  /** What links to files of Markdown mean. */
  readonly context?: TemplateContext;
  readonly hasEmojiCodes?: boolean | undefined;
  readonly smartPunctuation?: SmartPunctuation | undefined;
}

function parsed(markdown: string, base: string | undefined, options: ParseOptions = {}): MarkdownResult {
  const written = parseMarkdown(markdown, options.hasEmojiCodes);
  if (isDeeperThan(DEEPEST, written)) return { kind: 'too-deep', line: 1 };
  const { smartPunctuation = 'none' } = options;
  const isSmart = smartPunctuation !== 'none' && /["']|--|\.\./.test(markdown);
  const root = isSmart ? withSmartPunctuation(written, smartPunctuation) : written;
  const found = { html: false };
  simplify(root, found, options.context);
  const hast = hastFromMarkdown(root, found.html);
  if (found.html) linkMedia(hast as HastRoot);
  if (isDeeperThan(DEEPEST, hast)) return { kind: 'too-deep', line: 1 };
  return { kind: 'html', html: sanitizeHtml(hast, base) };
}

/** What plays in a page is a link in a mail. */
function linkMedia(parent: HastRoot | Element): void {
  parent.children = parent.children.flatMap((child): ElementContent[] => {
    if (child.type !== 'element') return [child as ElementContent];
    if (isMedia(child)) return isHidden(child) ? [] : (linkFromMedia(child) ?? []);
    linkMedia(child);
    return child.tagName === 'p' ? paragraphsOf(child) : [child];
  });
}

/** A paragraph that a medium stood in, as several. */
function paragraphsOf(paragraph: Element): Element[] {
  const paragraphs: Element[] = [];
  for (const child of paragraph.children) {
    const last = paragraphs.at(-1);
    if (child.type === 'element' && child.tagName === 'p') paragraphs.push(child, { ...paragraph, children: [] });
    else if (last === undefined) paragraphs.push({ ...paragraph, children: [child] });
    else last.children.push(child);
  }
  return paragraphs.length === 0 ? [paragraph] : paragraphs;
}

/** A frame that cannot be seen is a tracker. */
function isHidden({ properties: { width, height, hidden, style } }: Element): boolean {
  const isTiny = [width, height].some((size) => /^[01](?:px)?$/.test(String(size)));
  return isTiny || hidden === true || /display\s*:\s*none/i.test(String(style));
}

function simplify(node: Nodes, found: { html: boolean }, context?: TemplateContext): void {
  if (context && (node.type === 'link' || node.type === 'definition')) linkPost(node, context);
  if (node.type === 'html') found.html = true;
  if (node.type === 'code') node.value = withoutBlankEdges(node.value);
  if (node.type === 'blockquote') unmarkAlert(node.children[0]);
  if (node.type === 'listItem') tickBox(node);
  if (!('children' in node)) return;
  const kept = (node.children as RootContent[]).filter(
    ({ type }) => type !== 'footnoteReference' && type !== 'footnoteDefinition',
  );
  (node as Root).children = kept;
  for (const child of kept) simplify(child, found, context);
}

/** A link to a file of Markdown means the post in it. */
function linkPost(node: { url: string }, context: TemplateContext): void {
  const [, file, fragment = ''] = /^((?![a-z][a-z0-9+.-]*:|\/\/)[^?#]+\.mdx?)(#.*)?$/i.exec(node.url) ?? [];
  const address = file === undefined ? undefined : linkTo(`file ${file}`, context);
  if (address !== undefined) node.url = address + fragment;
}

/** Code without the blank lines before and behind it. */
function withoutBlankEdges(code: string): string {
  const lines = code.split('\n');
  const isBlank = (line: string) => trimEndOf(line, ' \t') === '';
  const first = lines.findIndex((line) => !isBlank(line));
  return first === -1 ? '' : lines.slice(first, lines.findLastIndex((line) => !isBlank(line)) + 1).join('\n');
}

/** `> [!NOTE]` is a plain block quote to a reader of mail. */
function unmarkAlert(first: RootContent | undefined): void {
  const text = first?.type === 'paragraph' ? first.children[0] : undefined;
  if (text?.type === 'text') text.value = text.value.replace(/^\[!\w+\][+-]?[ \t]*\n?/, '');
}

function tickBox(item: Extract<Nodes, { type: 'listItem' }>): void {
  if (typeof item.checked !== 'boolean') return;
  const box = { type: 'text' as const, value: item.checked ? '☑ ' : '☐ ' };
  item.checked = null;
  const first = item.children[0];
  if (first?.type === 'paragraph') first.children.unshift(box);
  else item.children.unshift({ type: 'paragraph', children: [box] } satisfies Paragraph);
}

/** The line with hundreds of block quotes or lists in one another: the parser would take minutes over it. */
function tooDeepLine(markdown: string): number | undefined {
  const deep = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){200}/m.exec(markdown);
  return deep === null ? undefined : markdown.slice(0, deep.index).split('\n').length;
}

function inlineOf(html: Html): Html {
  const inline: Html[number][] = [];
  for (const node of html) {
    if (node.type === 'comment' || (node.type === 'element' && node.tagName === 'img')) continue;
    if (isPhrasing(node) && (node.type === 'text' || textOf([node]).trim() !== '')) inline.push(node);
    else if (node.type === 'element') {
      const inside = inlineOf(node.children);
      if (inside.length > 0 && inline.length > 0) inline.push({ type: 'text', value: ' ' });
      for (const each of inside) inline.push(each);
    }
  }
  return inline;
}
