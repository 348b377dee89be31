/** Titles: plain text for a subject line, inline markup for a page. Entities are decoded once. */
import type { PhrasingContent } from 'mdast';
import { type Html, type HtmlNode, textOf } from '../domain/html.js';
import { trimmed } from './html-from-hast.js';
import { parseTitle } from './markdown-processor.js';
import { isPlainLine } from './plain-line.js';

export interface Title {
  readonly text: string;
  /** Only when it has code or emphasis. */
  readonly html?: Html;
}

const TAGS: { readonly [tag: string]: string } = {
  ...{ b: 'strong', strong: 'strong', i: 'em', em: 'em', cite: 'em', code: 'code', tt: 'code', kbd: 'kbd' },
  ...{ sub: 'sub', sup: 'sup', del: 'del', s: 'del' },
};
/** In UTF-16 code units; what is longer is no title. */
const LONGEST = 2000;
const KEPT = new Set(Object.values(TAGS));

/** A title as written in front matter; braces are text there, and so are tags that are no inline markup. */
export function titleFrom(written: string): Title {
  const line = written.replace(/\s+/g, ' ').trim().slice(0, LONGEST);
  return isPlainLine(line) ? { text: line } : titleOf(nodesFrom(parseTitle(line)));
}

/** A title from the first heading of a body; `undefined` when there is none. */
export function titleFromHeading(body: Html): Title | undefined {
  for (const node of body) {
    if (node.type !== 'element') continue;
    const title = /^h[1-6]$/.test(node.tagName)
      ? titleOf(onlyInlineMarkup(node.children))
      : titleFromHeading(node.children);
    if (title !== undefined && title.text !== '') return title;
  }
  return undefined;
}

/** A title from clean HTML: its inline markup is kept, and nothing else. */
export function titleFromHtml(html: Html): Title {
  return titleOf(trimmed(onlyInlineMarkup(html)));
}

/** `my-first-post` → `My first post`. */
export function titleFromSlug(slug: string): Title {
  const words = slug.replace(/[-_\s]+/g, ' ').trim();
  return { text: words === '' ? slug : words.charAt(0).toUpperCase() + words.slice(1) };
}

function titleOf(html: Html): Title {
  const text = textOf(html).replace(/\s+/g, ' ').trim();
  if (text.length > LONGEST) return { text: text.slice(0, LONGEST) };
  return html.some((node) => node.type === 'element') && text !== '' ? { text, html } : { text };
}

function nodesFrom(content: readonly PhrasingContent[]): HtmlNode[] {
  const open: { readonly tag: string; readonly nodes: HtmlNode[] }[] = [{ tag: '', nodes: [] }];
  const add = (...nodes: readonly HtmlNode[]) => open.at(-1)?.nodes.push(...nodes);
  const close = (tagName: string | undefined) => {
    const nodes = open.pop()?.nodes ?? [];
    add(...(tagName === undefined ? nodes : [elementOf(tagName, nodes)]));
  };
  for (const node of content) {
    const [, end, tag = ''] = (node.type === 'html' && /^<(\/?)([a-z]+)[\s>/]/i.exec(node.value)) || [];
    const tagName = TAGS[tag.toLowerCase()];
    if (tagName !== undefined && end === '') open.push({ tag: tagName, nodes: [] });
    else if (tagName !== undefined && open.at(-1)?.tag === tagName) close(tagName);
    else add(...nodeFrom(node));
  }
  while (open.length > 1) close(undefined);
  return merged(open[0]?.nodes ?? []);
}

function nodeFrom(node: PhrasingContent): readonly HtmlNode[] {
  switch (node.type) {
    case 'emphasis':
      return [elementOf('em', nodesFrom(node.children))];
    case 'strong':
      return [elementOf('strong', nodesFrom(node.children))];
    case 'inlineCode':
      return [elementOf('code', [{ type: 'text', value: node.value }])];
    case 'html':
      return [{ type: 'text', value: /^<br\b/i.test(node.value) ? ' ' : node.value }];
    case 'text':
      return [{ type: 'text', value: node.value }];
    default:
      return [];
  }
}

function elementOf(tagName: string, children: Html): HtmlNode {
  return { type: 'element', tagName, properties: {}, children };
}

function onlyInlineMarkup(html: Html): HtmlNode[] {
  const kept = html.flatMap((node): readonly HtmlNode[] => {
    if (node.type !== 'element') return node.type === 'text' ? [node] : [];
    const children = onlyInlineMarkup(node.children);
    return KEPT.has(node.tagName) ? [elementOf(node.tagName, children)] : children;
  });
  return merged(kept);
}

function merged(nodes: readonly HtmlNode[]): HtmlNode[] {
  const result: HtmlNode[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node.type === 'text' && last?.type === 'text') {
      result[result.length - 1] = { type: 'text', value: last.value + node.value };
    } else result.push(node);
  }
  return result;
}
