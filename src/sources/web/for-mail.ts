/** Replaces in a tree of published HTML what only a browser shows: lazy pictures, galleries, embeds, emoji pictures. */
import type { Comment, Element, ElementContent, Root, RootContent } from 'hast';
import { isMedia, linkFromMedia } from '../embedded-media.js';
import { BRACE } from '../template-marks.js';
import { isPlaceholderOnly, pictureOf } from './picture-source.js';

type Nodes = readonly RootContent[];

/** The same nodes as a mail can show them. Marks of the end of an introduction become `<!--more-->`. */
export function forMail(nodes: Nodes): Root['children'] {
  const children: RootContent[] = [];
  let previous: Element | undefined;
  for (const node of nodes) {
    if (node.type === 'text') children.push({ type: 'text', value: withTextBraces(node.value) });
    else if (node.type === 'comment') children.push(...moreMark(node.value));
    else if (node.type === 'element') {
      for (const shown of elementForMail(node, previous)) children.push(shown);
      previous = node;
    }
  }
  return children;
}

/** A page is published with its templates filled in: braces are text. */
function withTextBraces(text: string): string {
  return text.replace(/\{(?=[{%])/g, BRACE);
}

/** WordPress allows words of the author's behind `more`. */
function moreMark(comment: string): Comment[] {
  return /^\s*more\b/i.test(comment) ? [MORE] : [];
}

const MORE: Comment = { type: 'comment', value: 'more' };

/** Parts of a page that are no part of the post: buttons to share it, links to others, words for screen readers only. */
const NOT_THE_POST =
  /^(?:sharedaddy|sd-sharing|jp-relatedposts|addtoany_\w+|post-password-form|more-link|screen-reader-text|sr-only|kg-signup-card|kg-video-overlay|kg-video-player-container)$/;

function elementForMail(element: Element, previous: Element | undefined): Nodes {
  const classes = classesOf(element);
  if (classes.some((name) => NOT_THE_POST.test(name))) return [];
  if (isMoreMark(element)) return [MORE, ...forMail(element.children)];
  if (element.tagName === 'noscript') return noscript(element, previous);
  if (element.tagName === 'img') return image(element, classes);
  // Another WordPress's post: the quote before the frame links to it.
  if (classes.includes('wp-embedded-content') && element.tagName === 'iframe') return [];
  if (isMedia(element)) return linkFromMedia(element) ?? [];
  if (isCaptioned(classes)) return [captioned(element)];
  const children = forMail(element.children) as ElementContent[];
  const onlyUrl = element.tagName === 'p' ? urlAlone(element) : undefined;
  if (onlyUrl !== undefined) return [{ ...element, children: [linkTo(onlyUrl)] }];
  if (element.tagName === 'figure') return figures({ ...element, children });
  return [{ ...element, children }];
}

function classesOf({ properties }: Element): readonly string[] {
  return Array.isArray(properties.className) ? properties.className.map(String) : [];
}

/** `<span id="more-12">` of WordPress, `<a name="more">` of Blogger. */
function isMoreMark({ tagName, properties }: Element): boolean {
  return (
    (tagName === 'span' || tagName === 'a') &&
    (/^more-\d+$/.test(String(properties.id ?? '')) || String(properties.name ?? '') === 'more')
  );
}

/** For readers without scripts: needed only when the picture before it cannot be shown without one. */
function noscript(element: Element, previous: Element | undefined): Nodes {
  return previous?.tagName === 'img' && isPlaceholderOnly(previous) ? forMail(element.children) : [];
}

function image(element: Element, classes: readonly string[]): Nodes {
  const alt = String(element.properties.alt ?? '');
  if (classes.some((name) => /^(?:emoji|wp-smiley)$/.test(name))) return [textNode(alt)];
  if (classes.includes('latex')) return [{ ...element, tagName: 'code', properties: {}, children: [textNode(alt)] }];
  const picture = pictureOf(element);
  return picture === undefined ? [] : [picture];
}

function textNode(value: string): { type: 'text'; value: string } {
  return { type: 'text', value: withTextBraces(value) };
}

/** `<div class="wp-caption">`: how themes without HTML5 write a figure. */
function isCaptioned(classes: readonly string[]): boolean {
  return classes.includes('wp-caption');
}

function captioned(element: Element): Element {
  const children = element.children.map((child): ElementContent => {
    const isCaption = child.type === 'element' && classesOf(child).includes('wp-caption-text');
    return isCaption
      ? { ...child, tagName: 'figcaption', children: forMail(child.children) as ElementContent[] }
      : child;
  });
  const shown = children.flatMap((child) =>
    child.type === 'element' && child.tagName === 'figcaption' ? [child] : (forMail([child]) as ElementContent[]),
  );
  return { ...element, tagName: 'figure', children: shown };
}

/** A gallery is one figure for each picture: figures inside a figure, and pictures in a list, are not shown by mail clients. */
function figures(figure: Element): Nodes {
  const inner = elementsIn(figure.children, (element) => element.tagName === 'figure');
  if (inner.length === 0) return unlessMedia(figure);
  const captions = figure.children.filter((child) => child.type === 'element' && child.tagName === 'figcaption');
  return [...inner, ...captions.map((caption) => ({ ...(caption as Element), tagName: 'p' }))];
}

/** A figure whose medium became a link has no picture: what is left are paragraphs. */
function unlessMedia(figure: Element): Nodes {
  const hasPicture = elementsIn(figure.children, ({ tagName }) => tagName === 'img').length > 0;
  const isCode = elementsIn(figure.children, ({ tagName }) => tagName === 'pre' || tagName === 'table').length > 0;
  if (hasPicture || isCode) return [figure];
  return figure.children.map((child) => {
    const isCaption = child.type === 'element' && child.tagName === 'figcaption';
    const urlInside = child.type === 'element' ? urlAlone(child) : undefined;
    if (urlInside !== undefined)
      return { type: 'element', tagName: 'p', properties: {}, children: [linkTo(urlInside)] };
    return isCaption ? { ...child, tagName: 'p' } : child;
  });
}

/** The outermost elements below that match. */
function elementsIn(nodes: readonly ElementContent[], matches: (element: Element) => boolean): Element[] {
  return nodes.flatMap((node) => {
    if (node.type !== 'element') return [];
    return matches(node) ? [node] : elementsIn(node.children, matches);
  });
}

/** An address on a line of its own: a page WordPress could not embed. */
function urlAlone({ children }: Element): string | undefined {
  const [only] = children.filter((child) => child.type !== 'text' || child.value.trim() !== '');
  if (only?.type !== 'text' || children.some((child) => child.type === 'element')) return undefined;
  const text = only.value.trim();
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text) ? text : undefined;
}

function linkTo(href: string): Element {
  return { type: 'element', tagName: 'a', properties: { href }, children: [textNode(href)] };
}
