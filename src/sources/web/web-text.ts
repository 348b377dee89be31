/** Short texts of a blog that are written in HTML: titles, names, captions, excerpts. */
import { type Html, textOf } from '../../domain/html.js';
import { trimEndOf } from '../../domain/trim.js';
import { type Title, titleFromHtml } from '../title.js';
import { htmlFromWeb } from './web-html.js';

/** A title with its inline markup; `undefined` when there is none. */
export function titleFromWeb(markup: string): Title | undefined {
  const title = titleFromHtml(cleanHtml(markup, undefined));
  return title.text === '' ? undefined : title;
}

/** A name as plain text, its entities decoded. */
export function nameFromWeb(markup: string): string {
  return plain(cleanHtml(markup, undefined));
}

/** A caption as one line of inline HTML; `undefined` when it says nothing. */
export function captionFromWeb(markup: string, base: string | undefined): Html | undefined {
  const html = cleanHtml(markup, base);
  const inline = html.flatMap((node) => (node.type === 'element' && node.tagName === 'p' ? node.children : [node]));
  return plain(inline) === '' ? undefined : inline;
}

const TITLE_LENGTH = 60;

/** What a post without a title is called: how its text begins. */
export function titleFromWords(text: string): Title | undefined {
  const words = text.replace(/\s+/g, ' ').trim();
  if (words === '') return undefined;
  if (words.length <= TITLE_LENGTH) return { text: trimEndOf(words, '.…') };
  const cut = words.slice(0, TITLE_LENGTH);
  let end = Math.max(cut.lastIndexOf(' '), 1);
  while (end > 1 && /[\s\p{P}]/u.test(cut.charAt(end - 1))) end -= 1;
  return { text: `${cut.slice(0, end)}…` };
}

/** Clean HTML, or nothing when it is nested too deeply to be a short text. */
export function cleanHtml(markup: string, base: string | undefined): Html {
  const result = htmlFromWeb(markup, { base, shortcodes: true });
  return result.kind === 'html' ? result.html : [];
}

function plain(html: Html): string {
  return textOf(html).replace(/\s+/g, ' ').trim();
}
