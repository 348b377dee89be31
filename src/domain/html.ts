/**
 * A sanitised HTML fragment as a tree: the form a post's body has everywhere in the program.
 * Structurally a subset of hast, so that kept libraries can read and write it; plain JSON, so that a store can keep it.
 */
export type HtmlNode = HtmlText | HtmlElement | MoreMark;

/** A run of text; never holds markup or character references. */
export interface HtmlText {
  readonly type: 'text';
  readonly value: string;
}

/** An allowed element. Attribute names are hast property names (`href`, `colSpan`, …). */
export interface HtmlElement {
  readonly type: 'element';
  readonly tagName: string;
  readonly properties: { readonly [name: string]: string | number | boolean };
  readonly children: Html;
}

/** Where the author wrote `<!--more-->`: the end of the introduction. */
export interface MoreMark {
  readonly type: 'comment';
  readonly value: 'more';
}

export type Html = readonly HtmlNode[];

/** The text of a fragment, as a reader would say it: no markup, white space as written. */
export function textOf(html: Html): string {
  let text = '';
  for (const node of html) {
    if (node.type === 'text') text += node.value;
    else if (node.type === 'element') text += node.tagName === 'br' ? '\n' : textOf(node.children);
  }
  return text;
}
