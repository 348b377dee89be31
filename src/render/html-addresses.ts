/** The addresses in a post's own markup: targets of links and sources of pictures. */
import type { Html, HtmlElement } from '../domain/html.js';

export function addressesIn(html: Html): readonly string[] {
  return elementsOf(html).flatMap(({ properties: { href, src } }) =>
    [href, src].filter((address): address is string => typeof address === 'string'),
  );
}

/** Every element of a tree, outer ones first. */
export function elementsOf(html: Html): readonly HtmlElement[] {
  return html.flatMap((node) => (node.type === 'element' ? [node, ...elementsOf(node.children)] : []));
}
