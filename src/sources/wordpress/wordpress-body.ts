/** The content and excerpt of a post of WordPress → its body, with a mark where the introduction ends. */
import { type Html, type HtmlElement, type HtmlNode, textOf } from '../../domain/html.js';
import { TOO_DEEP } from '../post-reading.js';
import { countAt, jsonFrom, textAt, valueAt } from '../web/json.js';
import type { ReadBodies, ReadBody } from '../web/listing-api.js';
import { htmlFromWeb } from '../web/web-html.js';
import { cleanHtml } from '../web/web-text.js';
import { versionOf } from './wordpress-head.js';

/** The fields of a post that its body is made from. */
export const BODY_FIELDS = 'id,modified_gmt,link,content,excerpt';

/** @param type what the API calls this type of post: `posts` */
export function bodiesFrom(bytes: Uint8Array, type: string): ReadBodies {
  const json = jsonFrom(bytes);
  const items = Array.isArray(json) ? json : [];
  return Object.fromEntries(items.map((item) => [`${type}/${countAt(item, 'id')}`, bodyFrom(item)]));
}

/** The text before the more mark is the introduction; without one the excerpt is, when its author wrote it. */
function bodyFrom(item: unknown): ReadBody {
  if (valueAt(item, 'content', 'protected') === true) {
    return { kind: 'broken', message: 'The post is protected by a password. Remove the password to send it.' };
  }
  const base = textAt(item, 'link');
  const content = htmlFromWeb(textAt(item, 'content', 'rendered') ?? '', { base, shortcodes: true });
  if (content.kind !== 'html') return { kind: 'broken', message: TOO_DEEP };
  const excerpt = withoutLinkTo(cleanHtml(textAt(item, 'excerpt', 'rendered') ?? '', base), base);
  return { kind: 'body', version: versionOf(item), body: withIntroduction(content.html, excerpt) };
}

/** Puts an excerpt that its author wrote before a body that has no introduction, with the picture the body begins with. */
export function withIntroduction(content: Html, excerpt: Html): Html {
  if (hasMark(content) || !isWritten(excerpt, content)) return content;
  const lead = leadingFigure(content);
  const rest = lead === undefined ? content : content.filter((node) => node !== lead);
  return [...(lead === undefined ? [] : [lead]), ...excerpt, { type: 'comment', value: 'more' }, ...rest];
}

function hasMark(html: Html): boolean {
  return html.some((node) => node.type === 'comment' || (node.type === 'element' && hasMark(node.children)));
}

/** A picture before the second paragraph. */
function leadingFigure(content: Html): HtmlNode | undefined {
  return content.slice(0, 2).find((node) => node.type === 'element' && isPicture(node));
}

function isPicture({ tagName, children }: HtmlElement): boolean {
  if (tagName === 'figure') return children.some((child) => child.type === 'element' && hasImage(child));
  return (
    tagName === 'p' &&
    textOf(children).trim() === '' &&
    children.some((child) => child.type === 'element' && hasImage(child))
  );
}

function hasImage({ tagName, children }: HtmlElement): boolean {
  return tagName === 'img' || children.some((child) => child.type === 'element' && hasImage(child));
}

/** How far into a text an excerpt made by WordPress may begin: it leaves out captions and code. */
const WORDS_PASSED_OVER = 80;
const WORDS_COMPARED = 3;

/** Whether an author wrote the excerpt: WordPress makes one from the first words of the content, without its blocks of code and pictures. */
function isWritten(excerpt: Html, content: Html): boolean {
  const wanted = wordsOf(excerpt);
  if (wanted.length === 0) return false;
  const words = wordsOf(content);
  const first = wanted.slice(0, WORDS_COMPARED).join(' ');
  const begin = words.findIndex(
    (_, at) => words.slice(at, at + Math.min(WORDS_COMPARED, wanted.length)).join(' ') === first,
  );
  if (begin === -1 || begin > WORDS_PASSED_OVER) return true;
  let at = begin;
  return !wanted.every((word) => {
    const found = words.indexOf(word, at);
    at = found + 1;
    return found !== -1;
  });
}

function wordsOf(html: Html): readonly string[] {
  // Blocks end words: `</p><p>` has no space between.
  const text = html.map((node) => textOf([node])).join(' ');
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Themes end an excerpt with a link to its post, which a mail has of its own. */
function withoutLinkTo(html: Html, url: string | undefined): Html {
  return html.flatMap((node): Html => {
    if (node.type !== 'element') return [node];
    if (node.tagName === 'a' && url !== undefined && String(node.properties.href).replace(/#.*/, '') === url) return [];
    const children = withoutLinkTo(node.children, url);
    return children.length === 0 && node.children.length > 0 ? [] : [{ ...node, children }];
  });
}
