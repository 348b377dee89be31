/** Writes and reads fragments in tests the way people write them. */
import type { Html, HtmlNode } from '../../src/domain/html.js';

type Child = string | HtmlNode;

/** `el('p', 'words ', el('a', …))`; an object first gives properties. */
export function el(tagName: string, ...children: (Child | { readonly [name: string]: string })[]): HtmlNode {
  const [first, ...rest] = children;
  const hasProperties = typeof first === 'object' && !('type' in first);
  const nodes = (hasProperties ? rest : children) as Child[];
  const properties = hasProperties ? (first as { readonly [name: string]: string }) : {};
  return { type: 'element', tagName, properties, children: nodes.map(nodeFrom) };
}

export const MORE: HtmlNode = { type: 'comment', value: 'more' };

function nodeFrom(child: Child): HtmlNode {
  return typeof child === 'string' ? { type: 'text', value: child } : child;
}

/** A fragment as markup, for reading in a failed test; not escaped. */
export function markup(html: Html): string {
  return html
    .map((node) => {
      if (node.type === 'text') return node.value;
      if (node.type === 'comment') return '<!--more-->';
      return `<${node.tagName}>${markup(node.children)}</${node.tagName}>`;
    })
    .join('');
}
